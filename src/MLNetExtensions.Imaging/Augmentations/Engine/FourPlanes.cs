namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Red, green, blue, alpha.</summary>
internal readonly struct FourPlanes : IPlaneCount
{
    public static int Count => 4;
}
