using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Data;

/// <summary>Reads one kind of image column.</summary>
internal abstract class ImageColumnReader
{
    /// <summary>Takes what the current row holds; called by one thread at a time, before the cursor moves on.</summary>
    public abstract void Read(RowSlot slot);

    /// <summary>Finishes the row; called by several threads at once.</summary>
    public abstract void Decode(RowSlot slot);

    /// <summary>Throws where a column is none that holds images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column's type is another.</exception>
    public static void CheckType(DataViewSchema.Column column, ImageDecoder decoder)
    {
        bool fits = column.Type switch
        {
            ImageDataViewType or TextDataViewType => true,
            VectorDataViewType { ItemType: var item, IsKnownSize: false } => item == NumberDataViewType.Byte,
            VectorDataViewType { ItemType: var item, Size: var size } => item == NumberDataViewType.Single && size == decoder.CanvasBytes,
            _ => false,
        };
        if (!fits)
            throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for input column '{column.Name}': expected Image, Text (the path of an image file), Vector<Byte> of "
                    + $"unknown "
                    + $"size (an encoded image) or Vector<Single, {decoder.Channels}, {decoder.CanvasHeight}, {decoder.CanvasWidth}> "
                    + $"(ExtractPixels of an image of that size), got {column.Type}"
            );
    }

    public static ImageColumnReader Create(DataViewRow row, DataViewSchema.Column column, ImageDecoder decoder, string? folder) =>
        column.Type switch
        {
            ImageDataViewType => new Images(row.GetGetter<MLImage>(column), decoder),
            TextDataViewType => new Paths(row.GetGetter<ReadOnlyMemory<char>>(column), decoder, folder),
            VectorDataViewType { IsKnownSize: false } => new EncodedImages(row.GetGetter<VBuffer<byte>>(column), decoder),
            _ => new ExtractedPixels(row.GetGetter<VBuffer<float>>(column)),
        };

    private sealed class Paths(ValueGetter<ReadOnlyMemory<char>> getter, ImageDecoder decoder, string? folder) : ImageColumnReader
    {
        private ReadOnlyMemory<char> _path;

        public override void Read(RowSlot slot)
        {
            getter(ref _path);
            slot.Path = folder is null || _path.IsEmpty ? _path.ToString() : Path.Combine(folder, _path.ToString());
        }

        public override void Decode(RowSlot slot) => (slot.Source, slot.Key) = decoder.DecodeFile(slot.Path, slot.Canvas, slot.Row);
    }

    private sealed class EncodedImages(ValueGetter<VBuffer<byte>> getter, ImageDecoder decoder) : ImageColumnReader
    {
        public override void Read(RowSlot slot)
        {
            try
            {
                getter(ref slot.Encoded);
            }
            catch (InvalidImageException e)
            {
                throw InvalidImageException.At(slot.Row, e)!;
            }
        }

        public override void Decode(RowSlot slot)
        {
            ReadOnlySpan<byte> encoded = slot.Encoded.IsDense ? slot.Encoded.GetValues() : [.. slot.Encoded.DenseValues()];
            (slot.Source, slot.Key) = decoder.DecodeBytes(encoded, slot.Canvas, slot.Row);
        }
    }

    // An image lives only until the cursor moves on, so it is resized while the row is current.
    private sealed class Images(ValueGetter<MLImage> getter, ImageDecoder decoder) : ImageColumnReader
    {
        private MLImage? _image;

        public override void Read(RowSlot slot)
        {
            try
            {
                getter(ref _image!);
            }
            catch (Exception e) when (InvalidImageException.At(slot.Row, e) is { } bad)
            {
                throw bad;
            }
            if (_image is null)
                throw new InvalidImageException(slot.Row, null, "there is no image (an empty path?)");
            slot.Source = new ImageSize(_image.Width, _image.Height);
            decoder.Resize(_image, slot.Canvas);
        }

        public override void Decode(RowSlot slot) { }
    }

    private sealed class ExtractedPixels(ValueGetter<VBuffer<float>> getter) : ImageColumnReader
    {
        private VBuffer<float> _pixels;

        public override void Read(RowSlot slot)
        {
            getter(ref _pixels);
            // ExtractPixels makes this, not a dense black image, of a missing image.
            if (!_pixels.IsDense && _pixels.GetValues().IsEmpty)
                throw new InvalidImageException(slot.Row, null, "there is no image (ExtractPixels was given none)");
            ReadOnlySpan<float> values = _pixels.IsDense ? _pixels.GetValues() : [.. _pixels.DenseValues()];
            if (!PlanarPixels.TryFromSingle(values, slot.Canvas))
                throw new InvalidImageException(
                    slot.Row,
                    null,
                    "its pixels are not whole numbers of 0 to 255; use ExtractPixels without scale and offset"
                );
        }

        public override void Decode(RowSlot slot) { }
    }
}
