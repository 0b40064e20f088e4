using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>The images of a view, at their own size, in the view's order.</summary>
internal static class SourceImages
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static IEnumerable<SourceImage> Read(
        IDataView data,
        string imageColumnName,
        string? labelColumnName,
        string? folder,
        int channels
    )
    {
        DataViewSchema.Column image =
            data.Schema.GetColumnOrNull(imageColumnName) ?? throw MissingColumn.In(data.Schema, "input", imageColumnName);
        CheckType(image);
        return Enumerate(data, image, labelColumnName is null ? null : data.Schema.GetColumnOrNull(labelColumnName), folder, channels);
    }

    /// <summary>True if a column holds images at their own size: paths, encoded images, or images.</summary>
    public static bool Holds(DataViewSchema.Column image) =>
        image.Type is ImageDataViewType or TextDataViewType
        || (image.Type is VectorDataViewType { IsKnownSize: false } vector && vector.ItemType == NumberDataViewType.Byte);

    /// <exception cref="ArgumentOutOfRangeException">The column holds no images at their own size.</exception>
    public static void CheckType(DataViewSchema.Column image)
    {
        if (!Holds(image))
            throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for input column '{image.Name}': expected Image, Text (the path of an "
                    + $"image file) or Vector<Byte> of unknown size (an encoded image), got {image.Type}"
            );
    }

    /// <summary>The number of planes of images with some channels.</summary>
    public static int ChannelsOf(ImageChannelOrder channels) =>
        new ImagePreprocessing
        {
            Width = 1,
            Height = 1,
            Channels = channels,
        }.ChannelCount;

    private static IEnumerable<SourceImage> Enumerate(
        IDataView data,
        DataViewSchema.Column image,
        DataViewSchema.Column? label,
        string? folder,
        int channels
    )
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

    /// <summary>A function that takes the current row's image, of a row's number and label.</summary>
    public static Func<long, string, SourceImage> ImageReader(DataViewRow row, DataViewSchema.Column column, string? folder, int channels)
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
        throw new ArgumentOutOfRangeException(
            "schema",
            $"Schema mismatch for label column '{column.Name}': expected Text, or Key with text values, got {column.Type}"
        );
    }
}
