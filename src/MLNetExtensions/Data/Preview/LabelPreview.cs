using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Data.Preview;

/// <summary>A grid of images with their boxes and masks.</summary>
internal static unsafe class LabelPreview
{
    private const int Gap = 4;

    private const int LegendLine = 22,
        LegendMark = 12;

    private const float Stroke = 2;

    /// <inheritdoc cref="PreviewCatalog.PreviewLabels"/>
    public static void Write(IDataView data, string file, PreviewLabelsOptions options)
    {
        DataViewSchema.Column image =
            data.Schema.GetColumnOrNull(options.ImageColumnName)
            ?? throw MissingColumn.In(data.Schema, "", options.ImageColumnName, "", "data");
        if (image.Type is not TextDataViewType)
            throw new ArgumentOutOfRangeException(
                nameof(data),
                $"Schema mismatch for column '{image.Name}': expected Text (paths of images), got {image.Type}"
            );
        BoxColumns? boxes = BoxColumns.Find(data.Schema);
        (DataViewSchema.Column Column, MaskClasses Classes)? masks =
            MaskColumn.Find(data.Schema) is { } found && MaskClasses.Of(found) is { } meaning ? (found, meaning) : null;
        if (boxes is null && masks is null)
            throw new ArgumentException(
                "The rows have neither boxes (Label, a vector of keys, and BoundingBoxes) nor masks with their classes (MaskPath or Mask).",
                nameof(data)
            );

        Dictionary<string, SKColor> colors = MaskDrawing.Colors([.. masks?.Classes.Names ?? [], .. boxes?.Classes ?? []]);
        List<SKBitmap> tiles = [];
        try
        {
            using DataViewRowCursor cursor = data.GetRowCursor([image, .. boxes?.All ?? [], .. masks is { } m ? new[] { m.Column } : []]);
            ValueGetter<ReadOnlyMemory<char>> path = cursor.GetGetter<ReadOnlyMemory<char>>(image);
            Func<ImageBox[]>? readBoxes = boxes?.Reader(cursor);
            Func<EncodedMask>? readMask = masks is { } columns ? MaskColumn.Reader(cursor, columns.Column, options.ImageFolder) : null;
            MaskReader? reader = masks is { } read ? new MaskReader(read.Classes.Format) : null;
            var decoder = new PixelDecoder();
            ReadOnlyMemory<char> name = default;
            while (tiles.Count < options.Images && cursor.MoveNext())
            {
                path(ref name);
                string full = options.ImageFolder is { } folder ? Path.Combine(folder, name.ToString()) : name.ToString();
                SKBitmap tile = Photo(decoder, full, cursor.Position, options.TileSize, out ImageSize size);
                tiles.Add(tile);
                using var canvas = new SKCanvas(tile);
                if (masks is { } labels)
                    MaskDrawing.Cover(
                        canvas,
                        tile.Width,
                        tile.Height,
                        reader!.Read(readMask!(), cursor.Position, size),
                        size,
                        labels.Classes.Names,
                        labels.Classes.Format.IgnoredIndex,
                        colors,
                        options.MaskOpacity
                    );
                if (boxes is not null)
                    BoxDrawing.Draw(canvas, readBoxes!().Select(box => Placed(box, boxes.Classes, colors, tile.Info, size)), Stroke);
            }
            if (tiles.Count == 0)
                throw new ArgumentException("There are no rows to show.", nameof(data));
            TemporaryFile.Write(file, Grid(tiles, options, colors));
        }
        finally
        {
            tiles.ForEach(tile => tile.Dispose());
        }
    }

    /// <summary>A photo from a file, made small.</summary>
    /// <param name="decoder">Reads it.</param>
    /// <param name="path">The file.</param>
    /// <param name="row">Its row, for messages.</param>
    /// <param name="longest">The longer side of the result.</param>
    /// <param name="size">Receives the photo's own size.</param>
    /// <exception cref="InvalidImageException">It cannot be read.</exception>
    public static SKBitmap Photo(PixelDecoder decoder, string path, long row, int longest, out ImageSize size)
    {
        using SKData data = SKData.CreateCopy(decoder.ReadFile(path, row));
        using SKCodec codec = PixelDecoder.Open(data, PixelDecoder.DefaultMaxPixels, row, path);
        ReadOnlySpan<byte> pixels = decoder.Decode(codec, data.AsSpan(), row, path, out SKImageInfo info);
        size = new ImageSize(info.Width, info.Height);
        double scale = (double)longest / Math.Max(info.Width, info.Height);
        var tile = new SKBitmap(
            new SKImageInfo(
                Math.Max(1, (int)Math.Round(info.Width * scale)),
                Math.Max(1, (int)Math.Round(info.Height * scale)),
                SKColorType.Bgra8888,
                SKAlphaType.Premul
            )
        );
        fixed (byte* first = pixels)
        {
            using var whole = new SKPixmap(info, (nint)first, info.RowBytes);
            using SKPixmap small = tile.PeekPixels();
            whole.ScalePixels(small, SKFilterQuality.High);
        }
        return tile;
    }

    private static (ImageBox, SKColor, string) Placed(
        ImageBox box,
        IReadOnlyList<string> classes,
        Dictionary<string, SKColor> colors,
        SKImageInfo tile,
        ImageSize size
    )
    {
        float x = (float)tile.Width / size.Width,
            y = (float)tile.Height / size.Height;
        string label = box.Class < 0 ? "" : classes[box.Class];
        return (
            box with
            {
                Left = box.Left * x,
                Top = box.Top * y,
                Right = box.Right * x,
                Bottom = box.Bottom * y,
            },
            colors.GetValueOrDefault(label, SKColors.Black),
            box.IsCrowd ? $"{label} (crowd)" : label
        );
    }

    private static byte[] Grid(List<SKBitmap> tiles, PreviewLabelsOptions options, Dictionary<string, SKColor> colors)
    {
        SKBitmap[][] rows = [.. tiles.Chunk(options.Columns)];
        int[] heights = [.. rows.Select(row => row.Max(tile => tile.Height) + Gap)];
        int width = (rows[0].Length * (options.TileSize + Gap)) - Gap;
        List<(float X, int Line, string Name)> legend = Legend(colors.Keys, width);
        using var grid = new SKBitmap(
            new SKImageInfo(
                width,
                heights.Sum() + (legend.Count == 0 ? 0 : (legend[^1].Line + 1) * LegendLine),
                SKColorType.Bgra8888,
                SKAlphaType.Premul
            )
        );
        using (var canvas = new SKCanvas(grid))
        {
            canvas.Clear(SKColors.White);
            int top = 0;
            for (int row = 0; row < rows.Length; top += heights[row], row++)
            for (int column = 0; column < rows[row].Length; column++)
                canvas.DrawBitmap(rows[row][column], column * (options.TileSize + Gap), top);
            using SKPaint text = LegendText();
            using var mark = new SKPaint();
            foreach ((float x, int line, string name) in legend)
            {
                float y = top + (line * LegendLine);
                mark.Color = colors[name];
                canvas.DrawRect(new SKRect(x, y + Gap, x + LegendMark, y + Gap + LegendMark), mark);
                canvas.DrawText(name, x + LegendMark + Gap, y + Gap + LegendMark, text);
            }
        }
        using SKData png = grid.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>The places of the names of classes, in lines that are no longer than the grid.</summary>
    private static List<(float X, int Line, string Name)> Legend(IEnumerable<string> names, int width)
    {
        using SKPaint text = LegendText();
        List<(float X, int Line, string Name)> places = [];
        (float x, int line) = (0, 0);
        foreach (string name in names)
        {
            float length = LegendMark + (4 * Gap) + text.MeasureText(name);
            if (x > 0 && x + length > width)
                (x, line) = (0, line + 1);
            places.Add((x, line, name));
            x += length;
        }
        return places;
    }

    private static SKPaint LegendText() =>
        new()
        {
            Color = SKColors.Black,
            TextSize = LegendMark + 2,
            IsAntialias = true,
        };
}
