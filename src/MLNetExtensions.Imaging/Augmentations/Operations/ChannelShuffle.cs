using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Puts red, green and blue into a random order.</summary>
public sealed record ChannelShuffle : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        Span<int> order = stackalloc int[3];
        key.Open().Permute(order);
        plan.Add(this, key, order[0], order[1], order[2]);
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        if (image.ColorChannels < 3)
            return;
        int plane = image.PlaneSize;
        Span<byte> from = image.Pixels,
            to = image.Spare;
        from[(3 * plane)..].CopyTo(to[(3 * plane)..]);
        for (int channel = 0; channel < 3; channel++)
            from.Slice((int)values[channel] * plane, plane).CopyTo(to[(channel * plane)..]);
        image.TakeSpare();
    }
}
