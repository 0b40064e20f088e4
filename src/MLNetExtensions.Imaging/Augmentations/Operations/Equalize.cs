using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Spreads the values of each channel so that all become about equally frequent (Pillow's ImageOps.equalize).</summary>
public sealed record Equalize : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image);

    internal static void Apply(WorkingImage image) =>
        ChannelTables.Apply(
            image,
            static (histogram, count, table) =>
            {
                int step = (count - histogram[histogram.LastIndexOfAnyExcept(0)]) / 255;
                if (step == 0)
                    return false;
                int below = step / 2;
                for (int value = 0; value < 256; value++)
                {
                    table[value] = (byte)Math.Min(255, below / step);
                    below += histogram[value];
                }
                return true;
            }
        );
}
