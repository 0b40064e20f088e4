using MLNetExtensions.Augmentations.Engine;

namespace MLNetExtensions.Augmentations.Operations;

/// <summary>Stretches each channel so that its darkest value becomes 0 and its brightest 255 (Pillow's ImageOps.autocontrast).</summary>
public sealed record AutoContrast : Augmentation, IPixelOperation
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
            int low = histogram.IndexOfAnyExcept(0), high = histogram.LastIndexOfAnyExcept(0);
            if (high <= low)
                continue;
            double scale = 255.0 / (high - low);
            for (int value = 0; value < 256; value++)
                table[value] = (byte)Math.Clamp((value * scale) - (low * scale), 0, 255);
            ByteLookup.Apply(plane, table);
        }
    }
}
