using MLNetExtensions.Data.Preview;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Quality;

/// <summary>A grid of the images whose labels are probably wrong, each above its given and its suggested label.</summary>
internal static class LabelErrorPreview
{
    private const int Gap = 6,
        TextSize = 13,
        Line = 17;

    /// <inheritdoc cref="Microsoft.ML.LabelErrorCatalog.PreviewLabelErrors"/>
    public static void Write(LabelErrorReport report, string file, PreviewLabelErrorsOptions options)
    {
        LabelIssue[] shown = [.. report.Issues.Take(options.Images)];
        if (shown.Length == 0)
            throw new ArgumentException("The report has no issues to show.", nameof(report));
        if (Array.Find(shown, issue => issue.Path is null) is { } without)
            throw new ArgumentException(
                $"The issue of row {without.Row} has no path. Find the label errors of rows with a column of paths (ImageColumnName).",
                nameof(report)
            );
        int columns = Math.Min(options.Columns, shown.Length),
            cellWidth = options.TileSize + Gap,
            cellHeight = options.TileSize + (2 * Line) + Gap,
            rows = (shown.Length + columns - 1) / columns;
        var decoder = new PixelDecoder();
        using var grid = new SKBitmap(new SKImageInfo(columns * cellWidth, rows * cellHeight, SKColorType.Bgra8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(grid))
        using (var text = new SKPaint { TextSize = TextSize, IsAntialias = true })
        {
            canvas.Clear(SKColors.White);
            for (int i = 0; i < shown.Length; i++)
            {
                LabelIssue issue = shown[i];
                int left = i % columns * cellWidth,
                    top = i / columns * cellHeight;
                string path = options.ImageFolder is { } folder ? Path.Combine(folder, issue.Path!) : issue.Path!;
                using (SKBitmap tile = LabelPreview.Photo(decoder, path, issue.Row, options.TileSize, out _))
                    canvas.DrawBitmap(tile, left, top);
                text.Color = SKColors.Firebrick;
                canvas.DrawText(Short(issue.GivenLabel), left, top + options.TileSize + TextSize, text);
                text.Color = SKColors.DarkGreen;
                canvas.DrawText(Short("? " + issue.SuggestedLabel), left, top + options.TileSize + Line + TextSize, text);
            }

            string Short(string label)
            {
                while (label.Length > 4 && text.MeasureText(label) > options.TileSize)
                    label = label[..^2] + "…";
                return label;
            }
        }
        using SKData png = grid.Encode(SKEncodedImageFormat.Png, 100);
        TemporaryFile.Write(file, png.ToArray());
    }
}
