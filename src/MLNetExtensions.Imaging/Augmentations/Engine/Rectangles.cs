namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Covers parts of an image.</summary>
internal static class Rectangles
{
    /// <summary>Covers a rectangle, cut at the image's edge. What covers is opaque.</summary>
    /// <param name="image">The image.</param>
    /// <param name="fill">The gray level; null for noise.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="left">The rectangle's first column.</param>
    /// <param name="top">The rectangle's first row.</param>
    /// <param name="width">The rectangle's width.</param>
    /// <param name="height">The rectangle's height.</param>
    public static void Cover(WorkingImage image, byte? fill, DrawKey key, int left, int top, int width, int height)
    {
        int right = Math.Min(image.Width, left + width),
            bottom = Math.Min(image.Height, top + height);
        (left, top) = (Math.Max(0, left), Math.Max(0, top));
        if (right <= left || bottom <= top)
            return;
        KeyedRandom random = key.Open();
        Span<byte> pixels = image.Pixels;
        for (int channel = 0; channel < image.Channels; channel++)
        for (int y = top; y < bottom; y++)
        {
            Span<byte> row = pixels.Slice((((channel * image.Height) + y) * image.Width) + left, right - left);
            if (channel == image.ColorChannels)
                row.Fill(255);
            else if (fill is { } level)
                row.Fill(level);
            else
                Noise(ref random, row);
        }
    }

    private static void Noise(ref KeyedRandom random, Span<byte> row)
    {
        ulong bits = 0;
        for (int i = 0; i < row.Length; i++, bits >>= 8)
        {
            if (i % 8 == 0)
                bits = random.Next();
            row[i] = (byte)bits;
        }
    }
}
