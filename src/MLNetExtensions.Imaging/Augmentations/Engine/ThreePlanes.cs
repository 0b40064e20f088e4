namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Red, green, blue.</summary>
internal readonly struct ThreePlanes : IPlaneCount
{
    public static int Count => 3;
}
