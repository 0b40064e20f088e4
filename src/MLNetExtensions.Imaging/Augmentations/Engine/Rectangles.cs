namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Covers parts of a picture.</summary>
internal static class Rectangles
{
    /// <summary>Covers a rectangle, cut at the picture's edge. What covers is opaque.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="fill">The grey level; null for noise.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="left">The rectangle's first column.</param>
    /// <param name="top">The rectangle's first row.</param>
    /// <param name="width">The rectangle's width.</param>
    /// <param name="height">The rectangle's height.</param>
    public static void Cover(WorkingPicture picture, byte? fill, DrawKey key, int left, int top, int width, int height)
    {
        int right = Math.Min(picture.Width, left + width), bottom = Math.Min(picture.Height, top + height);
        (left, top) = (Math.Max(0, left), Math.Max(0, top));
        if (right <= left || bottom <= top)
            return;
        KeyedRandom random = key.Open();
        Span<byte> pixels = picture.Pixels;
        for (int channel = 0; channel < picture.Channels; channel++)
            for (int y = top; y < bottom; y++)
            {
                Span<byte> row = pixels.Slice((((channel * picture.Height) + y) * picture.Width) + left, right - left);
                if (channel == picture.ColorChannels)
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
