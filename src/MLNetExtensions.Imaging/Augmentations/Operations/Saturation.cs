using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Moves the colors of each pixel away from its gray level, or toward it (torchvision's and Pillow's saturation): 0 is gray.
/// </summary>
public sealed record Saturation : Enhancement
{
    private protected override void Enhance(WorkingImage image, float factor) => Apply(image, factor);

    internal static void Apply(WorkingImage image, float factor)
    {
        if (image.ColorChannels == 3)
            Luma.Blend(image.Colors, factor);
    }
}
