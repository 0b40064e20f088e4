namespace MLNetExtensions.Explanation.Networks;

/// <summary>Draws maps in colors over images.</summary>
internal static class HeatColors
{
    /// <summary>An image with a map over it: nothing where the map is 0, yellow to red where it is more.</summary>
    /// <param name="canvas">The image: planes of red, green, blue (what follows is left out), or gray.</param>
    /// <param name="map">The map, 0 to 1.</param>
    /// <param name="opacity">How much of the image the largest value covers, 0 to 1.</param>
    /// <returns>Red, green, blue and 255 of each pixel.</returns>
    public static byte[] Overlay(ReadOnlySpan<byte> canvas, ReadOnlySpan<float> map, float opacity)
    {
        int places = map.Length,
            planes = canvas.Length < 3 * places ? 0 : places;
        var pixels = new byte[places * 4];
        for (int i = 0; i < places; i++)
        {
            float covered = Math.Min(1, 2 * map[i]) * opacity,
                green = 255 * (1 - map[i]);
            pixels[i * 4] = Mix(canvas[i], 255, covered);
            pixels[(i * 4) + 1] = Mix(canvas[planes + i], green, covered);
            pixels[(i * 4) + 2] = Mix(canvas[(2 * planes) + i], 0, covered);
            pixels[(i * 4) + 3] = 255;
        }
        return pixels;
    }

    private static byte Mix(float below, float above, float covered) => (byte)(below + (covered * (above - below)) + 0.5f);
}
