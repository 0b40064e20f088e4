namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>Colors of sRGB as CIELAB (white D65), where distances are about those that people see.</summary>
internal static class LabColors
{
    /// <summary>Converts an image.</summary>
    /// <param name="image">Planes of 0 to 255: red, green, blue, or gray.</param>
    /// <param name="places">The number of pixels.</param>
    /// <returns>L, a and b of each pixel.</returns>
    public static double[] Of(ReadOnlySpan<float> image, int places)
    {
        bool isGray = image.Length < 3 * places;
        var lab = new double[places * 3];
        for (int i = 0; i < places; i++)
        {
            double red = Linear(image[i]),
                green = isGray ? red : Linear(image[places + i]),
                blue = isGray ? red : Linear(image[(2 * places) + i]),
                x = Curve(((0.412453 * red) + (0.357580 * green) + (0.180423 * blue)) / 0.95047),
                y = Curve((0.212671 * red) + (0.715160 * green) + (0.072169 * blue)),
                z = Curve(((0.019334 * red) + (0.119193 * green) + (0.950227 * blue)) / 1.08883);
            lab[i * 3] = (116 * y) - 16;
            lab[(i * 3) + 1] = 500 * (x - y);
            lab[(i * 3) + 2] = 200 * (y - z);
        }
        return lab;
    }

    private static double Linear(double value) => (value /= 255) > 0.04045 ? Math.Pow((value + 0.055) / 1.055, 2.4) : value / 12.92;

    private static double Curve(double value) => value > 0.008856 ? Math.Cbrt(value) : (7.787 * value) + (16.0 / 116);
}
