using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;

namespace MLNetExtensions.Reports.Tests;

/// <summary>Scored rows with drawn photos: no model, but what one would give. The same for every run.</summary>
internal sealed class DrawnScores : IDisposable
{
    public static readonly string[] Names = ["daisy", "dandelion", "roses", "sunflowers", "tulips"];

    private readonly TemporaryFolder _folder = new();

    /// <param name="count">The number of rows.</param>
    /// <param name="names">The classes.</param>
    /// <param name="images">The number of different photos; rows take them in turn.</param>
    public DrawnScores(int count, string[]? names = null, int images = 40)
    {
        names ??= Names;
        Classes = names;
        string[] paths =
        [
            .. Enumerable
                .Range(0, Math.Min(count, images))
                .Select(i => _folder.Add(Path.Combine("photos", $"photo-{i:D3}.jpg"), DrawnPhoto.Encode(i, 120 + (i % 3 * 40), 120))),
        ];
        var random = new Random(7);
        Rows = [.. Enumerable.Range(0, count).Select(i => Row(i, random, names, paths[i % paths.Length]))];
    }

    public string[] Classes { get; }

    public ScoredRow[] Rows { get; }

    /// <summary>The folder of the photos, and of what a test writes.</summary>
    public string Folder => _folder.Path;

    /// <summary>ImagePath, Label (a key), Score.</summary>
    public IDataView View(MLContext ml) => View(ml, Rows);

    /// <summary>The same of other rows of these classes.</summary>
    public IDataView View(MLContext ml, IEnumerable<ScoredRow> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(ScoredRow));
        schema[nameof(ScoredRow.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Classes.Length);
        IDataView view = ml.Data.LoadFromEnumerable(rows, schema);
        IDataView keys = ml.Data.LoadFromEnumerable(Classes.Select(name => new ClassRow { Label = name }));
        return ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(view).Transform(view);
    }

    /// <summary>The row with a label that its scores do not name.</summary>
    public ScoredRow Wrong(ScoredRow row) =>
        new()
        {
            ImagePath = row.ImagePath,
            Label = Classes[Array.IndexOf(row.Score, row.Score.Min())],
            Score = row.Score,
        };

    public void Dispose() => _folder.Dispose();

    // Neighboring classes are alike, and one row in seven is a hard one.
    private static ScoredRow Row(int index, Random random, string[] names, string path)
    {
        int label = random.Next(10) < 4 ? random.Next(names.Length) : Math.Min(1, names.Length - 1);
        double[] logits = [.. names.Select(_ => 1.2 * random.NextDouble())];
        logits[label] += random.Next(7) == 0 ? 0.2 : 3.2 * random.NextDouble() + 0.8;
        logits[(label + 1) % names.Length] += 1.5 * random.NextDouble();
        double sum = logits.Sum(Math.Exp);
        return new ScoredRow
        {
            ImagePath = path,
            Label = names[label],
            Score = [.. logits.Select(logit => (float)(Math.Exp(logit) / sum))],
            Number = index,
        };
    }

    internal sealed class ScoredRow
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public float[] Score { get; set; } = [];

        public float Number { get; set; }
    }

    private sealed class ClassRow
    {
        public string Label { get; set; } = "";
    }
}
