using System.Runtime.InteropServices;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>The destination of decoded rows: three planes, or BGRA pixels.</summary>
/// <param name="first">The first row.</param>
/// <param name="stride">The bytes from row to row.</param>
/// <param name="plane">The bytes from plane to plane; 0 for pixels.</param>
internal readonly unsafe struct JpegTarget(byte* first, int stride, int plane)
{
    /// <summary>Writes a row of Y, Cb and Cr.</summary>
    public void Write(int row, byte* luma, byte* blueChroma, byte* redChroma, int count)
    {
        byte* to = first + ((long)row * stride);
        if (plane == 0)
            YccToRgb.ToBgra(luma, blueChroma, redChroma, to, count);
        else
            YccToRgb.ToPlanes(luma, blueChroma, redChroma, to, to + plane, to + (2 * plane), count);
    }

    /// <summary>Writes a row of gray levels.</summary>
    public void WriteGray(int row, byte* levels, int count)
    {
        byte* to = first + ((long)row * stride);
        if (plane == 0)
        {
            Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(new Span<byte>(to, 4 * count));
            for (int i = 0; i < count; i++)
                pixels[i] = 0xFF000000 | (levels[i] * 0x010101u);
            return;
        }
        for (int channel = 0; channel < 3; channel++)
            new ReadOnlySpan<byte>(levels, count).CopyTo(new Span<byte>(to + (channel * plane), count));
    }
}
