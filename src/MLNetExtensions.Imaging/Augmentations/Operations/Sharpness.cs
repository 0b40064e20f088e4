using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Moves each value away from the mean of its 3 x 3 neighbors, or toward it (Pillow's ImageEnhance.Sharpness): 0 is blurred, 2 sharpens.
/// </summary>
public sealed record Sharpness : Enhancement
{
    /// <summary>Creates the augmentation with its defaults: factors of 0 to 2.</summary>
    public Sharpness() => (MinFactor, MaxFactor) = (0, 2);

    private protected override void Enhance(WorkingImage image, float factor) => Apply(image, factor);

    /// <remarks>Pillow's SMOOTH kernel, all ones with 5 in the middle, over 13; the outermost pixels do not change.</remarks>
    internal static void Apply(WorkingImage image, float factor)
    {
        (int width, int height) = (image.Width, image.Height);
        Span<byte> all = image.Pixels,
            result = image.Spare;
        all.CopyTo(result);
        for (int row = 0; row < image.ColorChannels * height; row++)
        {
            if (row % height == 0 || row % height == height - 1)
                continue;
            ReadOnlySpan<byte> above = all.Slice((row - 1) * width, width),
                here = all.Slice(row * width, width),
                below = all.Slice((row + 1) * width, width);
            Span<byte> target = result.Slice(row * width, width);
            for (int x = 1; x < width - 1; x++)
            {
                int sum =
                    above[x - 1]
                    + above[x]
                    + above[x + 1]
                    + here[x - 1]
                    + (5 * here[x])
                    + here[x + 1]
                    + below[x - 1]
                    + below[x]
                    + below[x + 1];
                int smooth = ((2 * sum) + 13) / 26;
                target[x] = (byte)Math.Clamp(smooth + (factor * (here[x] - smooth)), 0, 255);
            }
        }
        image.TakeSpare();
    }
}
