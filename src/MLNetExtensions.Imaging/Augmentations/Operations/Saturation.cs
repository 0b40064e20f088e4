using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Moves the colours of each pixel away from its grey level, or towards it (torchvision's and Pillow's saturation): 0 is grey.</summary>
public sealed record Saturation : Enhancement
{
    private protected override void Enhance(WorkingPicture picture, float factor) => Apply(picture, factor);

    internal static void Apply(WorkingPicture picture, float factor)
    {
        if (picture.ColorChannels == 3)
            Luma.Blend(picture.Colors, factor);
    }
}
