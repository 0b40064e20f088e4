using DrawnShapes;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Tool.Tests;

/// <summary>A folder of drawn scenes with their boxes and masks, and an untrained backbone that halves images five times.</summary>
internal sealed class SceneFolders : IDisposable
{
    /// <summary>The side of the images in pixels.</summary>
    public const int Side = 128;

    private readonly ShapeSceneFolder _scenes;

    /// <param name="images">The number of scenes.</param>
    public SceneFolders(int images)
    {
        _scenes = new ShapeSceneFolder(images, seed: 1, Side, mostObjects: 3, isEasy: true);
        File.WriteAllText(ClassList, "background\ncircle\nrectangle\ntriangle\n");
        new HalvingNetwork().Build(outputs: 10, channels: 3, Side, Side, seed: 1).Save(Backbone);
    }

    /// <summary>The folder of all: images, masks, classes.txt, shapes.json.</summary>
    public string Path => _scenes.Folder;

    public string Images => _scenes.Images;

    public string Masks => _scenes.Masks;

    public string Coco => _scenes.Coco;

    public string ClassList => System.IO.Path.Combine(Path, "classes.txt");

    public string Backbone => System.IO.Path.Combine(Path, "small.onnx");

    public string Runs => At("runs");

    /// <summary>A path for what a test writes.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, "work", name);

    /// <summary>The command that trains in seconds.</summary>
    public string[] Train(string task, params string[] more) =>
        [
            "train",
            "--task",
            task,
            "--backbone",
            Backbone,
            "--runs",
            Runs,
            "--image-size",
            $"{Side}",
            "--batch-size",
            "4",
            "--freeze-epochs",
            "0",
            "--head-channels",
            "16",
            .. more.Contains("--epochs") ? Array.Empty<string>() : ["--epochs", "2"],
            .. more,
        ];

    public void Dispose() => _scenes.Dispose();

    /// <summary>Five convolutions of stride 2.</summary>
    private sealed record HalvingNetwork : Network
    {
        private static readonly int[] Widths = [8, 12, 16, 24, 32];

        protected override NetworkValue Declare(NetworkValue images, int outputs) =>
            images.Then([
                .. Widths.SelectMany(filters =>
                    new Layer[]
                    {
                        new Conv2D(filters, 3)
                        {
                            Strides = 2,
                            Padding = Padding.Same,
                            UseBias = false,
                        },
                        new BatchNorm(),
                        new Relu(),
                    }
                ),
                new GlobalAveragePool2D(),
                new Dense(outputs),
            ]);
    }
}
