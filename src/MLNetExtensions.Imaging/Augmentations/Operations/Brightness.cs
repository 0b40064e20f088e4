using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Multiplies all values by a factor (torchvision's and Pillow's brightness): 0 is black.</summary>
public sealed record Brightness : Enhancement
{
    private protected override void Enhance(WorkingPicture picture, float factor) => Apply(picture, factor);

    internal static void Apply(WorkingPicture picture, float factor) => Blending.Lookup(picture, 0, factor);
}
