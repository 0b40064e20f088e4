namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A part of a plan: either geometry or an operation on pixels.</summary>
internal struct PlannedStep
{
    /// <summary>The operation; null if the step is geometry.</summary>
    public IPixelOperation? Operation;

    /// <summary>The random values drawn for the operation.</summary>
    public DrawnValues Values;

    /// <summary>The operation's key.</summary>
    public DrawKey Key;

    /// <summary>The geometry, where <see cref="Operation"/> is null.</summary>
    public Geometry Geometry;
}
