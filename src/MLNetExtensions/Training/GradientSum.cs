namespace MLNetExtensions.Training;

/// <summary>How many steps' gradients the flat gradient tensor holds the sum of, and by what it is to be divided.</summary>
internal sealed class GradientSum
{
    /// <summary>The number of steps since the last update.</summary>
    public int Steps { get; set; }

    /// <summary>The sum of their target weights.</summary>
    public float Weight { get; set; }
}
