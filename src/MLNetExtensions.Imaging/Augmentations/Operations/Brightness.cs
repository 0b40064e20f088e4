using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Multiplies all values by a factor (torchvision's and Pillow's brightness): 0 is black.</summary>
public sealed record Brightness : Enhancement
{
    private protected override void Enhance(WorkingImage image, float factor) => Apply(image, factor);

    internal static void Apply(WorkingImage image, float factor) => Blending.Lookup(image, 0, factor);
}
