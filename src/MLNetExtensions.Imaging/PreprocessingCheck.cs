namespace MLNetExtensions.Imaging;

/// <summary>
/// The bounds of a preprocessing, wherever it comes from: options, a catalog, a model's metadata. Sizes are used as they are behind it: a
/// canvas's bytes are products that an <see cref="int"/> holds.
/// </summary>
internal static class PreprocessingCheck
{
    private const int MaxSide = 16384;

    // 4096 x 4096: four times the largest images that networks are published for.
    private const int MaxCanvasPixels = 1 << 24;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public static void Throw(ImagePreprocessing preprocessing)
    {
        if (Problem(preprocessing) is { } problem)
            throw new ArgumentOutOfRangeException(nameof(preprocessing), problem);
    }

    /// <summary>Describes the value that is out of range in a preprocessing; null if there is none.</summary>
    public static string? Problem(ImagePreprocessing p)
    {
        if (p.Width is < 1 or > MaxSide || p.Height is < 1 or > MaxSide)
            return $"the preprocessing's size is {p.Width}x{p.Height}, expected numbers from 1 to {MaxSide}.";
        if (!Enum.IsDefined(p.ResizeMode))
            return $"the preprocessing's {nameof(p.ResizeMode)} is {p.ResizeMode}, expected "
                + $"{string.Join(", ", Enum.GetNames<ImageResizeMode>())}.";
        if (!Enum.IsDefined(p.Interpolation))
            return $"the preprocessing's {nameof(p.Interpolation)} is {p.Interpolation}, expected "
                + $"{string.Join(", ", Enum.GetNames<ImageInterpolation>())}.";
        if (!(p.CropFraction > 0 && p.CropFraction <= 1))
            return $"the preprocessing's {nameof(p.CropFraction)} is {p.CropFraction}, expected above 0 and at most 1.";
        // The canvas's own sides are not asked for before it is known that numbers hold them.
        double enlarged = p.ResizeMode == ImageResizeMode.CropCenter ? 1.0 / p.CropFraction : 1;
        if (p.Width * enlarged * p.Height * enlarged > MaxCanvasPixels)
            return $"the preprocessing's canvas of {p.Width}x{p.Height}, {nameof(p.CropFraction)} {p.CropFraction}, has over "
                + $"{MaxCanvasPixels} pixels (4096 x 4096).";
        if (!float.IsFinite(p.Scale) || p.Scale == 0)
            return $"the preprocessing's {nameof(p.Scale)} is {p.Scale}, expected a number other than 0.";
        if (!Enum.IsDefined(p.Channels))
            return $"the preprocessing's {nameof(p.Channels)} is {p.Channels}, expected "
                + $"{string.Join(", ", Enum.GetNames<ImageChannelOrder>())}.";
        if (p.Mean.Count != p.ChannelCount || !p.Mean.All(m => float.IsFinite(m) && float.IsFinite(m / p.Scale)))
            return $"the preprocessing's {nameof(p.Mean)} is [{string.Join(", ", p.Mean.Select(m => $"{m}"))}], expected a number for "
                + $"each {ChannelsOf(p)}.";
        if (
            p.StandardDeviation.Count != p.ChannelCount
            || !p.StandardDeviation.All(s => float.IsFinite(s) && s > 0 && float.IsFinite(p.Scale / s))
        )
            return $"the preprocessing's {nameof(p.StandardDeviation)} is "
                + $"[{string.Join(", ", p.StandardDeviation.Select(s => $"{s}"))}], expected a positive number for each {ChannelsOf(p)}.";
        return null;

        static string ChannelsOf(ImagePreprocessing p) => $"of {p.ChannelCount} channel{(p.ChannelCount == 1 ? "" : "s")} ({p.Channels})";
    }
}
