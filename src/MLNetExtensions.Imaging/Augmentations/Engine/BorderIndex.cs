namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Finds the pixel shown at a position beyond the edge.</summary>
internal static class BorderIndex
{
    /// <param name="index">A position, possibly outside of [low, high).</param>
    /// <param name="low">The first pixel.</param>
    /// <param name="high">One more than the last.</param>
    /// <param name="border">With <see cref="BorderMode.Constant"/> the nearest pixel, for the taps of a sample that itself lies
    /// inside.</param>
    public static int Of(int index, int low, int high, BorderMode border)
    {
        if (index >= low && index < high)
            return index;
        int last = high - low - 1;
        if (border != BorderMode.Reflect || last == 0)
            return Math.Clamp(index, low, high - 1);
        int period = 2 * last,
            phase = (index - low) % period;
        if (phase < 0)
            phase += period;
        return low + (phase <= last ? phase : period - phase);
    }
}
