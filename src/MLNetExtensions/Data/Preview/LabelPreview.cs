using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
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
                    Cover(canvas, reader!.Read(readMask!(), cursor.Position, size), size, tile.Info, labels.Classes, options.MaskOpacity);
                if (boxes is not null)
                    BoxDrawing.Draw(canvas, readBoxes!().Select(box => Placed(box, boxes.Classes, tile.Info, size)), Stroke);
            }
            if (tiles.Count == 0)
                throw new ArgumentException("There are no rows to show.", nameof(data));
            TemporaryFile.Write(file, Grid(tiles, options));
        }
        finally
        {
            tiles.ForEach(tile => tile.Dispose());
        }
    }

    private static SKBitmap Photo(PixelDecoder decoder, string path, long row, int longest, out ImageSize size)
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

    private static void Cover(
        SKCanvas canvas,
        ReadOnlySpan<byte> plane,
        ImageSize size,
        SKImageInfo tile,
        MaskClasses classes,
        float opacity
    )
    {
        uint[] colors = new uint[256];
        for (int i = 0; i < colors.Length; i++)
            if (i == classes.Format.IgnoredIndex)
                colors[i] = 0xFFFFFFFF;
            else if (i < classes.Names.Count && classes.Names[i] != LabeledImages.Background)
                colors[i] = (uint)BoxDrawing.ColorOf(classes.Names[i]);
        // An SKColor is blue, green, red, alpha in memory, as the bitmap's pixels are.
        uint[] pixels = new uint[plane.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = colors[plane[i]];
        fixed (uint* first = pixels)
        {
            using var mask = new SKBitmap();
            mask.InstallPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Premul), (nint)first);
            using var paint = new SKPaint
            {
                Color = SKColors.White.WithAlpha((byte)Math.Round(255 * opacity)),
                FilterQuality = SKFilterQuality.None,
            };
            canvas.DrawBitmap(mask, new SKRect(0, 0, tile.Width, tile.Height), paint);
            canvas.Flush();
        }
    }

    private static (ImageBox, string, string) Placed(ImageBox box, IReadOnlyList<string> classes, SKImageInfo tile, ImageSize size)
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
            label,
            box.IsCrowd ? $"{label} (crowd)" : label
        );
    }

    private static byte[] Grid(List<SKBitmap> tiles, PreviewLabelsOptions options)
    {
        int columns = Math.Min(options.Columns, tiles.Count),
            rows = (tiles.Count + columns - 1) / columns,
            step = options.TileSize + Gap;
        using var grid = new SKBitmap(
            new SKImageInfo((columns * step) - Gap, (rows * step) - Gap, SKColorType.Bgra8888, SKAlphaType.Premul)
        );
        using (var canvas = new SKCanvas(grid))
        {
            canvas.Clear(SKColors.White);
            for (int i = 0; i < tiles.Count; i++)
                canvas.DrawBitmap(tiles[i], i % columns * step, i / columns * step);
        }
        using SKData png = grid.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
