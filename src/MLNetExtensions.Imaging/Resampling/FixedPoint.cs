namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// Positions as fixed point, 32 bits before and after the point: they do not drift along a row, nor differ between processors.
/// </summary>
internal static class FixedPoint
{
    private const double Unit = 1L << 32;

    /// <summary>A position, in pixels from the edge.</summary>
    // Positions far outside are all the same; this keeps them from overflowing.
    public static long Of(double position) => (long)(Math.Clamp(position, -1e9, 1e9) * Unit);
}
