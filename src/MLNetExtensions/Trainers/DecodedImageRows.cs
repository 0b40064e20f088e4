using System.Buffers;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Decoded images as a network's first layer reads them: planar floats of 0..255, [channels, Height, Width]; the center of each, or, in
/// training, what the augmentation of the epoch makes of it. The store stays the caller's.
/// </summary>
/// <param name="images">The decoded images.</param>
/// <param name="decoder">Says the images' size.</param>
/// <param name="augmenter">Makes training images; null leaves them alone.</param>
internal sealed class DecodedImageRows(ImageStore images, ImageDecoder decoder, ImageAugmenter? augmenter) : ITrainingRows
{
    public int Count => images.Count;

    public IReadOnlyList<int> ItemSizes { get; } = [decoder.InputBytes];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        int length = rows.Length * decoder.InputBytes;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length);
        if (augmenter is null || epoch == RowView.Plain)
            images.FillCenterCrops(rows, pixels);
        else
            images.FillAugmented(rows, epoch, augmenter, pixels);
        PlanarPixels.ToSingle(pixels.AsSpan(0, length), inputs[0]);
        ArrayPool<byte>.Shared.Return(pixels);
    }

    public void Dispose() { }
}
