using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Moves all values away from the picture's mean grey level, or towards it (torchvision's and Pillow's contrast): 0 is an even grey.</summary>
public sealed record Contrast : Enhancement
{
    private protected override void Enhance(WorkingPicture picture, float factor) => Apply(picture, factor);

    internal static void Apply(WorkingPicture picture, float factor)
    {
        double mean = (double)(picture.ColorChannels == 3 ? Luma.Sum(picture.Colors) : Sum(picture.Colors)) / picture.PlaneSize;
        Blending.Lookup(picture, (int)(mean + 0.5), factor);
    }

    private static long Sum(ReadOnlySpan<byte> gray)
    {
        long sum = 0;
        foreach (byte level in gray)
            sum += level;
        return sum;
    }
}
