using System.Runtime.InteropServices;
using SkiaSharp;

namespace MLNetExtensions.TestData.Photos;

/// <summary>
/// Photos that are drawn: a fading sky, hills with a texture, discs with hard edges and noise, all of them by their seed. The same pixels
/// on every machine, since each is computed for itself.
/// </summary>
internal static class DrawnPhoto
{
    /// <summary>Draws one; B, G, R, A, opaque.</summary>
    public static SKBitmap Draw(int seed, int width, int height)
    {
        var random = new Random(seed);
        double[] Color() => [random.Next(40, 220), random.Next(40, 220), random.Next(40, 220)];
        double[] top = Color(),
            bottom = Color(),
            hills = Color();
        double horizon = 0.3 + (0.5 * random.NextDouble()),
            swing = 0.05 + (0.15 * random.NextDouble()),
            waves = 3 + (9 * random.NextDouble()),
            phase = 6 * random.NextDouble();
        double grain = 20 + (40 * random.NextDouble()),
            slope = random.NextDouble() - 0.5;
        (double X, double Y, double Radius, double[] Color)[] discs =
        [
            .. Enumerable.Range(0, 6).Select(_ => (random.NextDouble(), random.NextDouble(), 0.03 + (0.15 * random.NextDouble()), Color())),
        ];

        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        byte[] pixels = new byte[4 * width * height];
        for (int row = 0; row < height; row++)
        for (int column = 0; column < width; column++)
        {
            double x = (double)column / width,
                y = (double)row / height;
            double[] color = [.. top.Zip(bottom, (a, b) => a + ((b - a) * y))];
            double texture = 0;
            if (y > horizon + (slope * (x - 0.5)) + (swing * Math.Sin((waves * x) + phase)))
            {
                color = hills;
                texture = grain * (Smooth(seed, x * 40, y * 40) + (0.5 * Smooth(seed, x * 97, y * 97)));
            }
            foreach ((double X, double Y, double Radius, double[] Color) disc in discs)
                if (((x - disc.X) * (x - disc.X)) + ((y - disc.Y) * (y - disc.Y)) < disc.Radius * disc.Radius)
                    color = disc.Color;
            double noise = 10 * Value(seed, column, row);
            for (int channel = 0; channel < 3; channel++)
                pixels[(4 * ((row * width) + column)) + 2 - channel] = (byte)Math.Clamp(color[channel] + texture + noise, 0, 255);
            pixels[(4 * ((row * width) + column)) + 3] = 255;
        }
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        return bitmap;
    }

    /// <summary>Draws one and encodes it.</summary>
    public static byte[] Encode(int seed, int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg, int quality = 90)
    {
        using SKBitmap bitmap = Draw(seed, width, height);
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>Noise between the points of a grid, -1 to 1.</summary>
    private static double Smooth(int seed, double x, double y)
    {
        int left = (int)x,
            above = (int)y;
        double right = x - left,
            below = y - above;
        return (
            (((Value(seed, left, above) * (1 - right)) + (Value(seed, left + 1, above) * right)) * (1 - below))
            + (((Value(seed, left, above + 1) * (1 - right)) + (Value(seed, left + 1, above + 1) * right)) * below)
        );
    }

    /// <summary>A number of -1 to 1 for a place, without any pattern.</summary>
    private static double Value(int seed, int x, int y)
    {
        uint hash = (uint)((x * 374761393) + (y * 668265263) + (seed * 144664969));
        hash = (hash ^ (hash >> 13)) * 1274126177;
        return ((hash ^ (hash >> 16)) & 0xFFFF) / 32767.5 - 1;
    }
}
