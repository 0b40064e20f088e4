using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>An image of a row, not yet decoded.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Label">The row's label; empty without.</param>
/// <param name="Path">The image's file.</param>
/// <param name="Encoded">The image's bytes, where the column holds those.</param>
/// <param name="Decoded">The image, where the column holds images.</param>
/// <param name="Bad">The reason why the row has no image.</param>
internal sealed record SourceImage(
    long Row, string Label, string? Path = null, byte[]? Encoded = null, PlanarImage? Decoded = null, InvalidImageException? Bad = null)
{
    /// <summary>Decodes the image at its full size, upright.</summary>
    /// <exception cref="InvalidImageException">It could not be read, or cannot be decoded in full.</exception>
    /// <param name="decoder">Decodes files and bytes.</param>
    /// <param name="channels">1, 3 or 4.</param>
    public unsafe PlanarImage Decode(PixelDecoder decoder, int channels)
    {
        if (Bad is not null)
            throw Bad;
        if (Decoded is not null)
            return Decoded;
        ReadOnlySpan<byte> bytes = Path is null ? Encoded : decoder.ReadFile(Path, Row);
        fixed (byte* address = bytes)
        {
            using SKData data = SKData.Create((nint)address, bytes.Length);
            using SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, Row, Path);
            ReadOnlySpan<byte> pixels = decoder.Decode(codec, data.AsSpan(), Row, Path, out SKImageInfo info);
            byte[] planes = new byte[pixels.Length / 4 * channels];
            PlanarPixels.From(pixels, isRgba: false, channels, planes);
            return new PlanarImage(planes, info.Width, info.Height);
        }
    }
}

/// <summary>A decoded image.</summary>
/// <param name="Planes">[channels, Height, Width].</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record PlanarImage(byte[] Planes, int Width, int Height);

/// <summary>The images of a view, at their own size, in the view's order.</summary>
internal static class SourceImages
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static IEnumerable<SourceImage> Read(IDataView data, string imageColumnName, string? labelColumnName, string? folder, int channels)
    {
        DataViewSchema.Column image = data.Schema.GetColumnOrNull(imageColumnName) ?? throw MissingColumn.In(data.Schema, "input", imageColumnName);
        bool isVector = image.Type is VectorDataViewType { IsKnownSize: false } vector && vector.ItemType == NumberDataViewType.Byte;
        if (!isVector && image.Type is not (ImageDataViewType or TextDataViewType))
            throw new ArgumentOutOfRangeException("schema", $"Schema mismatch for input column '{imageColumnName}': expected Image, Text (the path of an " +
                $"image file) or Vector<Byte> of unknown size (an encoded image), got {image.Type}");
        return Enumerate(data, image, labelColumnName is null ? null : data.Schema.GetColumnOrNull(labelColumnName), folder, channels);
    }

    /// <summary>The number of planes of images with some channels.</summary>
    public static int ChannelsOf(ImageChannelOrder channels) => new ImagePreprocessing { Width = 1, Height = 1, Channels = channels }.ChannelCount;

    private static IEnumerable<SourceImage> Enumerate(IDataView data, DataViewSchema.Column image, DataViewSchema.Column? label, string? folder, int channels)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(label is { } labels ? [image, labels] : [image]);
        Func<long, string, SourceImage> readImage = ImageReader(cursor, image, folder, channels);
        Func<string> name = label is { } column ? LabelReader(cursor, column) : () => "";
        while (cursor.MoveNext())
            yield return Read(cursor.Position, name());

        // A row whose image cannot be read must not end the enumeration.
        SourceImage Read(long row, string label)
        {
            try
            {
                return readImage(row, label);
            }
            catch (Exception e) when (InvalidImageException.At(row, e) is { } bad)
            {
                return new SourceImage(row, label, Bad: bad);
            }
        }
    }

    private static Func<long, string, SourceImage> ImageReader(DataViewRow row, DataViewSchema.Column column, string? folder, int channels)
    {
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> path = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return (position, label) =>
            {
                path(ref value);
                return new SourceImage(position, label, folder is null ? value.ToString() : Path.Combine(folder, value.ToString()));
            };
        }
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<byte>> bytes = row.GetGetter<VBuffer<byte>>(column);
            VBuffer<byte> value = default;
            return (position, label) =>
            {
                bytes(ref value);
                return new SourceImage(position, label, Encoded: [.. value.DenseValues()]);
            };
        }
        ValueGetter<MLImage> image = row.GetGetter<MLImage>(column);
        MLImage? current = null;
        return (position, label) =>
        {
            image(ref current!);
            if (current is null)
                throw new InvalidImageException(position, null, "there is no image (an empty path?)");
            byte[] planes = new byte[current.Width * current.Height * channels];
            PlanarPixels.From(current.Pixels, current.PixelFormat == MLPixelFormat.Rgba32, channels, planes);
            return new SourceImage(position, label, Decoded: new PlanarImage(planes, current.Width, current.Height));
        };
    }

    private static Func<string> LabelReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> text = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                text(ref value);
                return value.ToString();
            };
        }
        if (column.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint) && column.HasKeyValues())
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetKeyValues(ref names);
            string[] values = [.. names.DenseValues().Select(name => name.ToString())];
            ValueGetter<uint> key = row.GetGetter<uint>(column);
            uint value = 0;
            return () =>
            {
                key(ref value);
                return value == 0 ? "" : values[value - 1];
            };
        }
        throw new ArgumentOutOfRangeException("schema",
            $"Schema mismatch for label column '{column.Name}': expected Text, or Key with text values, got {column.Type}");
    }
}
