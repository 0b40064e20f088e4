using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Data;

namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>The classes of the pixels of images: how many pixels each class has, the largest first.</summary>
internal sealed class PixelPredictions(MLContext ml, SavedPipeline pipeline, PredictRequest request, FoundWriter writer) : IDensePredictions
{
    private static readonly string[] Header = ["path", "label", "pixels", "fraction", "problem"];

    // Indices are bytes.
    private static readonly string[] Numbers = [.. Enumerable.Range(0, 256).Select(index => index.ToString(CultureInfo.InvariantCulture))];

    public IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) => [schema[DefaultColumnNames.PredictedMask]];

    public Action<string> Reader(DataViewRow row)
    {
        DataViewSchema.Column column = row.Schema[DefaultColumnNames.PredictedMask];
        IReadOnlyList<string> classes = pipeline.MaskClassesOf(column) ?? Numbers;
        ValueGetter<VBuffer<byte>> readMask = row.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> mask = default;
        return path =>
        {
            readMask(ref mask);
            Write(path, [.. mask.DenseValues()], classes);
        };
    }

    public void WriteProblem(string path, string problem) =>
        writer.Write(
            Header,
            [
                [path, "", "", "", problem],
            ],
            () => new JsonObject { ["path"] = path, ["problem"] = problem }
        );

    public void Dispose() => writer.Dispose();

    private void Write(string path, byte[] mask, IReadOnlyList<string> classes)
    {
        (string Label, int Pixels)[] shares =
        [
            .. mask.CountBy(index => index)
                .OrderByDescending(share => share.Value)
                .ThenBy(share => share.Key)
                .Select(share => (classes[share.Key], share.Value)),
        ];
        writer.Write(
            Header,
            shares.Select(share =>
                (string[])
                    [
                        path,
                        share.Label,
                        share.Pixels.ToString(CultureInfo.InvariantCulture),
                        ((double)share.Pixels / mask.Length).ToString("0.######", CultureInfo.InvariantCulture),
                        "",
                    ]
            ),
            () =>
                new JsonObject
                {
                    ["path"] = path,
                    ["classes"] = new JsonArray([
                        .. shares.Select(share => new JsonObject
                        {
                            ["label"] = share.Label,
                            ["pixels"] = share.Pixels,
                            ["fraction"] = (double)share.Pixels / mask.Length,
                        }),
                    ]),
                }
        );
        if (request.Draw is not null)
            ml.Vision().DrawMask(path, mask, classes, CopiedFiles.For(request.Draw, path, ".png", request.Force));
        if (request.Masks is not null)
        {
            (int width, int height) = SizeOf(path);
            TemporaryFile.Write(
                CopiedFiles.For(request.Masks, path, ".png", request.Force),
                new RasterImage(width, height, channels: 1, mask).Encode(ImageFileFormat.Png)
            );
        }
    }

    private static (int Width, int Height) SizeOf(string path)
    {
        RasterImage image = RasterImage.Load(path);
        return (image.Width, image.Height);
    }
}
