using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Contrast-limited adaptive histogram equalization of the gray level, tile by tile (Zuiderveld, Graphics Gems IV, 1994); color differences
/// stay.
/// </summary>
public sealed record Clahe : Augmentation, IPixelOperation
{
    /// <summary>The smallest contrast limit: the largest count of a gray level, as a multiple of the mean count.</summary>
    /// <value>The default is 1.</value>
    public float MinClip { get; init; } = 1;

    /// <summary>The largest contrast limit.</summary>
    /// <value>The default is 4.</value>
    public float MaxClip { get; init; } = 4;

    /// <summary>The number of tiles across and down.</summary>
    /// <value>The default is 8.</value>
    public int Tiles { get; init; } = 8;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(MinClip, 1);
        checks.AtLeast(MaxClip, 1);
        checks.InRange(Tiles, 1, 32);
        checks.Ordered(MinClip, MaxClip);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinClip, MaxClip));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        (int width, int height) = (image.Width, image.Height);
        int across = Math.Min(Tiles, width),
            down = Math.Min(Tiles, height);
        Span<byte> memory = image.Scratch.Reserve((width * height) + (across * down * 256));
        Span<byte> gray = memory[..(width * height)],
            tables = memory[(width * height)..];
        Span<byte> pixels = image.Colors;
        if (image.ColorChannels == 3)
            Luma.Write(pixels, gray);
        else
            pixels.CopyTo(gray);
        for (int tile = 0; tile < across * down; tile++)
            Table(gray, width, height, tile % across, tile / across, across, down, values[0], tables.Slice(tile * 256, 256));
        for (int y = 0; y < height; y++)
        {
            (int above, int below, float weightY) = Between(y, height, down);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, float weightX) = Between(x, width, across);
                int i = (y * width) + x,
                    level = gray[i];
                float top = Lerp(
                    tables[(((above * across) + left) * 256) + level],
                    tables[(((above * across) + right) * 256) + level],
                    weightX
                );
                float bottom = Lerp(
                    tables[(((below * across) + left) * 256) + level],
                    tables[(((below * across) + right) * 256) + level],
                    weightX
                );
                int change = (int)MathF.Round(Lerp(top, bottom, weightY)) - level;
                for (int channel = 0; channel < image.ColorChannels; channel++)
                    pixels[(channel * gray.Length) + i] = (byte)Math.Clamp(pixels[(channel * gray.Length) + i] + change, 0, 255);
            }
        }

        static float Lerp(float a, float b, float weight) => a + (weight * (b - a));
    }

    /// <summary>The two tiles whose centers a position lies between.</summary>
    private static (int First, int Second, float Weight) Between(int position, int size, int tiles)
    {
        float tile = ((position + 0.5f) / size * tiles) - 0.5f;
        int first = (int)MathF.Floor(tile);
        return (Math.Clamp(first, 0, tiles - 1), Math.Clamp(first + 1, 0, tiles - 1), tile - first);
    }

    private static void Table(
        ReadOnlySpan<byte> gray,
        int width,
        int height,
        int tileX,
        int tileY,
        int across,
        int down,
        float clip,
        Span<byte> table
    )
    {
        int left = tileX * width / across,
            right = (tileX + 1) * width / across,
            top = tileY * height / down,
            bottom = (tileY + 1) * height / down;
        Span<int> histogram = stackalloc int[256],
            row = stackalloc int[256];
        histogram.Clear();
        for (int y = top; y < bottom; y++)
        {
            Histogram.Count(gray.Slice((y * width) + left, right - left), row);
            for (int value = 0; value < 256; value++)
                histogram[value] += row[value];
        }
        int count = (right - left) * (bottom - top);
        double limit = clip * count / 256.0,
            excess = 0,
            sum = 0;
        foreach (int frequency in histogram)
            excess += Math.Max(0, frequency - limit);
        for (int value = 0; value < 256; value++)
        {
            sum += Math.Min(histogram[value], limit) + (excess / 256);
            table[value] = (byte)Math.Clamp(Math.Round(sum * 255 / count), 0, 255);
        }
    }
}
