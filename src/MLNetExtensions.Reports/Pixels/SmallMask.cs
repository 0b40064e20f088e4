namespace MLNetExtensions.Reports.Pixels;

/// <summary>A mask of a thumbnail's size.</summary>
/// <param name="Plane">The index of each pixel's class, row after row.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record SmallMask(byte[] Plane, int Width, int Height)
{
    /// <summary>Makes a mask small: of each place the pixel in its middle.</summary>
    /// <param name="plane">The mask.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="longest">The longer side of the small one; a smaller mask keeps its size.</param>
    public static SmallMask Of(ReadOnlySpan<byte> plane, int width, int height, int longest)
    {
        double scale = Math.Min(1, (double)longest / Math.Max(width, height));
        int smallWidth = Math.Max(1, (int)Math.Round(width * scale)),
            smallHeight = Math.Max(1, (int)Math.Round(height * scale));
        byte[] small = new byte[smallWidth * smallHeight];
        for (int y = 0, i = 0; y < smallHeight; y++)
        {
            int row = (int)((y + 0.5) * height / smallHeight) * width;
            for (int x = 0; x < smallWidth; x++, i++)
                small[i] = plane[row + (int)((x + 0.5) * width / smallWidth)];
        }
        return new SmallMask(small, smallWidth, smallHeight);
    }
}
