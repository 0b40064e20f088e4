using MLNetExtensions.Augmentations.Engine;

namespace MLNetExtensions.Augmentations.Operations;

/// <summary>Spreads the values of each channel so that all become about equally frequent (Pillow's ImageOps.equalize).</summary>
public sealed record Equalize : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingPicture picture) => Apply(picture);

    internal static void Apply(WorkingPicture picture)
    {
        Span<int> histogram = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        for (int channel = 0; channel < 3; channel++)
        {
            Span<byte> plane = picture.Pixels.Slice(channel * picture.PlaneSize, picture.PlaneSize);
            Histogram.Count(plane, histogram);
            int last = histogram.LastIndexOfAnyExcept(0);
            int step = (plane.Length - histogram[last]) / 255;
            if (step == 0)
                continue;
            int below = step / 2;
            for (int value = 0; value < 256; value++)
            {
                table[value] = (byte)Math.Min(255, below / step);
                below += histogram[value];
            }
            ByteLookup.Apply(plane, table);
        }
    }
}
