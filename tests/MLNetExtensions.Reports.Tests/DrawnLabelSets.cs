using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;

namespace MLNetExtensions.Reports.Tests;

/// <summary>Rows with any number of labels, their probabilities and a drawn photo.</summary>
internal sealed class DrawnLabelSets : IDisposable
{
    public static readonly string[] Names = ["indoor", "people", "dog", "night"];

    private readonly TemporaryFolder _folder = new();

    public DrawnLabelSets(int count)
    {
        string[] paths = [.. Enumerable.Range(0, 20).Select(i => _folder.Add($"photo-{i:D3}.jpg", DrawnPhoto.Encode(i, 120, 90)))];
        var random = new Random(5);
        Rows =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    // The first label is common, the last rare.
                    bool[] labels = [.. Names.Select((_, label) => random.NextSingle() < 0.7 / (label + 1))];
                    return new Row
                    {
                        ImagePath = paths[i % paths.Length],
                        Label = labels,
                        Score = [.. labels.Select(has => Math.Clamp((has ? 0.75f : 0.25f) + (random.NextSingle() - 0.5f), 0.01f, 0.99f))],
                    };
                }),
        ];
    }

    public Row[] Rows { get; }

    public string Folder => _folder.Path;

    /// <summary>ImagePath, Label (a vector of Boolean), Score with the labels' names.</summary>
    public IDataView View(MLContext ml)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new VectorDataViewType(BooleanDataViewType.Instance, Names.Length);
        schema[nameof(Row.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Names.Length);
        ReadOnlyMemory<char>[] names = [.. Names.Select(name => name.AsMemory())];
        schema[nameof(Row.Score)]
            .AddAnnotation(
                "SlotNames",
                new VBuffer<ReadOnlyMemory<char>>(names.Length, names),
                new VectorDataViewType(TextDataViewType.Instance, names.Length)
            );
        return ml.Data.LoadFromEnumerable(Rows, schema);
    }

    public void Dispose() => _folder.Dispose();

    internal sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public bool[] Label { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
