namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Gray.</summary>
internal readonly struct OnePlane : IPlaneCount
{
    public static int Count => 1;
}
