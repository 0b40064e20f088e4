namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A number of planes that loops are compiled for.</summary>
internal interface IPlaneCount
{
    static abstract int Count { get; }
}

/// <summary>Gray.</summary>
internal readonly struct OnePlane : IPlaneCount
{
    public static int Count => 1;
}

/// <summary>Red, green, blue.</summary>
internal readonly struct ThreePlanes : IPlaneCount
{
    public static int Count => 3;
}

/// <summary>Red, green, blue, alpha.</summary>
internal readonly struct FourPlanes : IPlaneCount
{
    public static int Count => 4;
}
