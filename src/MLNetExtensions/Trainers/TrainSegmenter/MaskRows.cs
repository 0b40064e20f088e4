using System.Buffers;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>Images and their masks as a segmentation network's inputs: planar floats of 0 to 255, and the class of each pixel.</summary>
/// <param name="images">The decoded images.</param>
/// <param name="masks">Their masks, in the pixels of the network.</param>
/// <param name="decoder">Says the images' size.</param>
/// <param name="augmenter">Makes training images.</param>
/// <param name="mixed">Makes training images of several before; null where none are mixed.</param>
internal sealed class MaskRows(ImageStore images, RowCache masks, ImageDecoder decoder, LabeledAugmenter augmenter, MixedSamples? mixed)
    : ITrainingRows
{
    private readonly int _pixels = decoder.CanvasWidth * decoder.CanvasHeight;

    public int Count => images.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [decoder.InputBytes, decoder.CanvasWidth * decoder.CanvasHeight];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int length = rows.Length * decoder.InputBytes;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length),
            classes = ArrayPool<byte>.Shared.Rent(rows.Length * _pixels);
        images.FillEach(
            rows,
            pixels.AsSpan(0, length),
            (place, index, canvas, target) =>
            {
                Span<byte> mask = classes.AsSpan(place * _pixels, _pixels);
                if (epoch == RowView.Plain)
                {
                    masks.Read(index, mask);
                    canvas.CopyTo(target);
                    return;
                }
                if (mixed?.Draw(index, epoch, row => ([], MaskOf(row))) is { } sample)
                {
                    augmenter.Apply(
                        sample.Image.Planes,
                        sample.Image.Width,
                        sample.Image.Height,
                        epoch,
                        images.Row(index),
                        target,
                        mask: sample.MaskPlane,
                        maskTarget: mask
                    );
                    return;
                }
                byte[] plain = ArrayPool<byte>.Shared.Rent(_pixels);
                masks.Read(index, plain);
                augmenter.Apply(
                    canvas,
                    decoder.CanvasWidth,
                    decoder.CanvasHeight,
                    epoch,
                    images.Row(index),
                    target,
                    mask: plain.AsSpan(0, _pixels),
                    maskTarget: mask
                );
                ArrayPool<byte>.Shared.Return(plain);
            }
        );
        PlanarPixels.ToSingle(pixels.AsSpan(0, length), inputs[0]);
        PlanarPixels.ToSingle(classes.AsSpan(0, rows.Length * _pixels), inputs[1]);
        ArrayPool<byte>.Shared.Return(pixels);
        ArrayPool<byte>.Shared.Return(classes);
    }

    public void Dispose() { }

    private byte[] MaskOf(int row)
    {
        var mask = new byte[_pixels];
        masks.Read(row, mask);
        return mask;
    }
}
