using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Moves all values away from the image's mean gray level, or toward it (torchvision's and Pillow's contrast): 0 is an even gray.
/// </summary>
public sealed record Contrast : Enhancement
{
    private protected override void Enhance(WorkingImage image, float factor) => Apply(image, factor);

    internal static void Apply(WorkingImage image, float factor)
    {
        double mean = (double)(image.ColorChannels == 3 ? Luma.Sum(image.Colors) : Sum(image.Colors)) / image.PlaneSize;
        Blending.Lookup(image, (int)(mean + 0.5), factor);
    }

    private static long Sum(ReadOnlySpan<byte> gray)
    {
        long sum = 0;
        foreach (byte level in gray)
            sum += level;
        return sum;
    }
}
