using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>The objects of images: class, score and box of each, the best first.</summary>
internal sealed class ObjectPredictions(MLContext ml, PredictRequest request, FoundWriter writer) : IDensePredictions
{
    private static readonly string[] Header = ["path", "label", "score", "left", "top", "right", "bottom", "problem"];

    private readonly double _least = request.LeastScore ?? DensePrediction.DefaultLeastScore;

    public IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        [schema[DefaultColumnNames.PredictedLabel], schema[DefaultColumnNames.PredictedBoundingBoxes], schema[DefaultColumnNames.Score]];

    public Action<string> Reader(DataViewRow row)
    {
        DataViewSchema.Column label = row.Schema[DefaultColumnNames.PredictedLabel];
        IReadOnlyList<string> classes = ClassLabels.NamesOfItems(label);
        ValueGetter<VBuffer<uint>> readKeys = row.GetGetter<VBuffer<uint>>(label);
        ValueGetter<VBuffer<float>> readBoxes = row.GetGetter<VBuffer<float>>(row.Schema[DefaultColumnNames.PredictedBoundingBoxes]),
            readScores = row.GetGetter<VBuffer<float>>(row.Schema[DefaultColumnNames.Score]);
        VBuffer<uint> keys = default;
        VBuffer<float> boxes = default,
            scores = default;
        return path =>
        {
            readKeys(ref keys);
            readBoxes(ref boxes);
            readScores(ref scores);
            float[] sides = [.. boxes.DenseValues()];
            uint[] classKeys = [.. keys.DenseValues()];
            Write(
                path,
                [
                    .. scores
                        .DenseValues()
                        .Select((score, i) => new FoundObject(classes[(int)classKeys[i] - 1], score, sides[(4 * i)..((4 * i) + 4)]))
                        .Where(found => found.Score >= _least),
                ]
            );
        };
    }

    public void WriteProblem(string path, string problem) =>
        writer.Write(
            Header,
            [
                [path, .. Enumerable.Repeat("", Header.Length - 2), problem],
            ],
            () => new JsonObject { ["path"] = path, ["problem"] = problem }
        );

    public void Dispose() => writer.Dispose();

    private void Write(string path, FoundObject[] objects)
    {
        writer.Write(
            Header,
            objects.Length == 0
                ?
                [
                    [path, .. Enumerable.Repeat("", Header.Length - 1)],
                ]
                : objects.Select(found =>
                    (string[])
                        [
                            path,
                            found.Label,
                            found.Score.ToString("0.######", CultureInfo.InvariantCulture),
                            .. found.Box.Select(side => side.ToString("0.##", CultureInfo.InvariantCulture)),
                            "",
                        ]
                ),
            () =>
                new JsonObject
                {
                    ["path"] = path,
                    ["objects"] = new JsonArray([
                        .. objects.Select(found => new JsonObject
                        {
                            ["label"] = found.Label,
                            ["score"] = found.Score,
                            ["box"] = new JsonArray([.. found.Box.Select(side => JsonValue.Create(side))]),
                        }),
                    ]),
                }
        );
        if (request.Draw is not null)
            ml.Vision()
                .DrawDetections(
                    path,
                    [.. objects.SelectMany(found => found.Box)],
                    [.. objects.Select(found => found.Label)],
                    [.. objects.Select(found => found.Score)],
                    CopiedFiles.For(request.Draw, path, ".png", request.Force)
                );
    }
}
