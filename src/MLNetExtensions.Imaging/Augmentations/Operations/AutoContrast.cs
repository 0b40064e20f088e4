using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Stretches each channel so that its darkest value becomes 0 and its brightest 255 (Pillow's ImageOps.autocontrast).</summary>
public sealed record AutoContrast : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image);

    internal static void Apply(WorkingImage image) =>
        ChannelTables.Apply(
            image,
            static (histogram, _, table) =>
            {
                int low = histogram.IndexOfAnyExcept(0),
                    high = histogram.LastIndexOfAnyExcept(0);
                if (high <= low)
                    return false;
                double scale = 255.0 / (high - low);
                for (int value = 0; value < 256; value++)
                    table[value] = (byte)Math.Clamp((value * scale) - (low * scale), 0, 255);
                return true;
            }
        );
}
