namespace MLNetExtensions.Imaging.Masks;

/// <summary>The header of a PNG file.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Depth">The bits of a sample.</param>
/// <param name="ColorType">0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.</param>
/// <param name="IsInterlaced">True for Adam7.</param>
internal readonly record struct IndexedPngHeader(uint Width, uint Height, int Depth, int ColorType, bool IsInterlaced)
{
    /// <summary>True if pixels are single numbers of 1, 2, 4 or 8 bits.</summary>
    public bool HasIndices => ColorType is 0 or 3 && Depth is 1 or 2 or 4 or 8;

    /// <summary>The bytes of a row of so many pixels.</summary>
    public long RowBytes(long pixels) => ((pixels * Depth) + 7) / 8;
}
