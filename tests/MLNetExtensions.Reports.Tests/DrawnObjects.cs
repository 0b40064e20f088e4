using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Reports.Tests;

/// <summary>Drawn scenes with their objects, and boxes as a detector would find them: some missed, moved, of another class, or of nothing.</summary>
internal sealed class DrawnObjects : IDisposable
{
    private readonly ShapeSceneFolder _scenes;

    /// <param name="count">The number of scenes.</param>
    public DrawnObjects(int count)
    {
        _scenes = new ShapeSceneFolder(count, seed: 3, mostObjects: 6);
        var ml = new MLContext();
        var random = new Random(4);
        Rows =
        [
            .. ml
                .Data.CreateEnumerable<Annotated>(
                    ml.Data.LoadFromCoco(_scenes.Coco, new() { ImageFolder = _scenes.Images }),
                    reuseRowObject: false
                )
                .Select(image => Found(image, random)),
        ];
    }

    public Row[] Rows { get; }

    public string Folder => _scenes.Folder;

    /// <summary>ImagePath, Label and BoundingBoxes, PredictedLabel, PredictedBoundingBoxes and Score.</summary>
    public IDataView View(MLContext ml)
    {
        IDataView names = ml.Data.LoadFromEnumerable(ShapeScene.Classes.Select(name => new ClassRow { Name = name }));
        return ml
            .Transforms.Conversion.MapValueToKey("Label", keyData: names)
            .Append(ml.Transforms.Conversion.MapValueToKey("PredictedLabel", keyData: names))
            .Fit(ml.Data.LoadFromEnumerable(Rows))
            .Transform(ml.Data.LoadFromEnumerable(Rows));
    }

    public void Dispose() => _scenes.Dispose();

    private static Row Found(Annotated image, Random random)
    {
        List<(string Label, float[] Box, float Score)> found = [];
        for (int i = 0; i < image.Label.Length; i++)
        {
            float[] box = image.BoundingBoxes[(4 * i)..((4 * i) + 4)];
            int kind = random.Next(10);
            string label = ShapeScene.Classes[(int)(kind == 1 ? image.Label[i] % 3 : image.Label[i] - 1)];
            float shift = kind == 2 ? 0.4f * (box[2] - box[0]) : random.NextSingle();
            if (kind > 0)
                found.Add((label, [box[0] + shift, box[1], box[2] + shift, box[3]], 0.3f + (0.7f * random.NextSingle())));
        }
        if (random.Next(3) == 0)
            found.Add(("circle", [5, 5, 40, 30], 0.2f + (0.6f * random.NextSingle())));
        found = [.. found.OrderByDescending(box => box.Score)];
        return new Row
        {
            ImagePath = image.ImagePath,
            Label = [.. image.Label.Select(key => ShapeScene.Classes[(int)key - 1])],
            BoundingBoxes = image.BoundingBoxes,
            PredictedLabel = [.. found.Select(box => box.Label)],
            PredictedBoundingBoxes = [.. found.SelectMany(box => box.Box)],
            Score = [.. found.Select(box => box.Score)],
        };
    }

    internal sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class Annotated
    {
        public string ImagePath { get; set; } = "";

        public uint[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class ClassRow
    {
        public string Name { get; set; } = "";
    }
}
