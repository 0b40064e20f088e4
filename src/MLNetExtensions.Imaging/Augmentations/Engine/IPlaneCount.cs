namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A number of planes that loops are compiled for.</summary>
internal interface IPlaneCount
{
    static abstract int Count { get; }
}
