namespace MLNetExtensions.Training;

/// <summary>The number of steps whose gradients the flat gradient tensor has summed, and the divisor of the sum.</summary>
internal sealed class GradientSum
{
    /// <summary>The number of steps since the last update.</summary>
    public int Steps { get; set; }

    /// <summary>The sum of their target weights.</summary>
    public float Weight { get; set; }
}
