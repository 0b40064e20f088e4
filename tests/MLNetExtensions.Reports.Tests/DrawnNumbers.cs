using Microsoft.ML;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;

namespace MLNetExtensions.Reports.Tests;

/// <summary>Rows with a number, a predicted number and a drawn photo.</summary>
internal sealed class DrawnNumbers : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DrawnNumbers(int count)
    {
        string[] paths = [.. Enumerable.Range(0, 30).Select(i => _folder.Add($"photo-{i:D3}.jpg", DrawnPhoto.Encode(i, 120, 90)))];
        var random = new Random(3);
        Rows =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    float label = 10 * random.NextSingle();
                    float noise = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 1.6f;
                    return new Row
                    {
                        ImagePath = paths[i % paths.Length],
                        Label = label,
                        Score = 0.6f + (0.9f * label) + noise,
                    };
                }),
        ];
    }

    public Row[] Rows { get; }

    public string Folder => _folder.Path;

    /// <summary>ImagePath, Label, Score.</summary>
    public IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(Rows);

    public void Dispose() => _folder.Dispose();

    internal sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public float Label { get; set; }

        public float Score { get; set; }
    }
}
