using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Serving;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Folders are called as people and machines call them.</summary>
public sealed class OddPathsStory : IDisposable
{
    private readonly ShapeFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Names =>
        [
            "with spaces and 'quotes'",
            "größe_画像_🙂",
            "#percent%20&amp;",
            // With the rest of the path beyond 300 characters, where Windows once ended at 260.
            string.Join(Path.DirectorySeparatorChar, Enumerable.Repeat(new string('n', 60), 5)),
            .. OperatingSystem.IsWindows() ? Array.Empty<string>() : ["two\nlines", @"back\slash", "tab\tand \"quotes\""],
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Images_caches_checkpoints_logs_and_models_lie_in_them(string name)
    {
        for (int i = 0; i < 12; i++)
        {
            string shape = Shape.Names[i % 3];
            _folder.Write(
                Path.Combine(name, "photos", $"{shape} {name[..Math.Min(3, name.Length)].TrimEnd()}", $"{i}.png"),
                Shape.Png(shape, i)
            );
        }
        string At(string file) => _folder.File(Path.Combine(name, file));
        IDataView photos = _ml.Data.LoadFromImageFolder(At("photos"));
        ITransformer keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos);
        using TrainNetworkTransformer network = _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 1,
                    CacheFolder = At("cache"),
                    Callbacks =
                    [
                        new CheckpointCallback(At("checkpoints")),
                        new CsvLogCallback(At("log.csv")),
                        new TensorBoardCallback(At("board")),
                    ],
                }
            )
            .Fit(keys.Transform(photos));
        _ml.Model.SaveAtomic(keys.Append(network), photos.Schema, At("model.zip"));
        network.ExportOnnx(At("model.onnx"));

        ITransformer loaded = _ml.Model.Load(At("model.zip"), out _);
        Assert.Equal(12, loaded.Transform(photos).GetColumn<float[]>("Score").Count());
        await using VisionPredictor predictor = _ml.Model.CreateVisionPredictor(At("model.onnx"));
        string photo = photos.GetColumn<string>("ImagePath").First();
        Assert.Contains((await predictor.PredictAsync(photo)).Label!, photos.GetColumn<string>("Label"));
        Assert.Equal(2, File.ReadAllLines(At("log.csv")).Length);
        Assert.Single(Directory.GetFiles(At("checkpoints"), "*.ckpt"));
    }
}
