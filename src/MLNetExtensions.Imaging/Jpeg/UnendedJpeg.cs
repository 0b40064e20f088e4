using SkiaSharp;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>
/// JPEG files whose last bytes, the marker of their end, are not there. libjpeg puts the marker there itself, in files that are truncated
/// too, whose rest is then gray. Here nothing else may be missing: a decoder that still wants data takes what is put behind them for
/// pixels.
/// </summary>
internal static unsafe class UnendedJpeg
{
    private const int FillerBytes = 64;

    /// <summary>Decodes such a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="info">The format of the pixels.</param>
    /// <param name="pixels">Receives them.</param>
    /// <returns>False if more is missing.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, SKImageInfo info, Span<byte> pixels)
    {
        // Half a marker, or half of a byte of ones among the pixels: then that byte is missing.
        if (file.EndsWith((ReadOnlySpan<byte>)[0xFF]))
            file = file[..^1];
        byte[] ended = [.. file, 0xFF, 0xD9];
        if (!Decode(ended, info, pixels))
            return false;
        byte[] filled = new byte[file.Length + FillerBytes + 2];
        byte[] others = new byte[pixels.Length];
        // libjpeg itself goes on with zeros: ones at once, ones behind a zero, and both in turn. 0xFF would begin a marker.
        foreach (byte filler in (ReadOnlySpan<byte>)[0xFE, 0x7F, 0xAA])
        {
            file.CopyTo(filled);
            filled.AsSpan(file.Length, FillerBytes).Fill(filler);
            (filled[^2], filled[^1]) = (0xFF, 0xD9);
            if (!Decode(filled, info, others) || !pixels.SequenceEqual(others))
                return false;
        }
        return true;
    }

    private static bool Decode(byte[] file, SKImageInfo info, Span<byte> pixels)
    {
        fixed (byte* bytes = file)
        {
            using SKData data = SKData.Create((nint)bytes, file.Length);
            using SKCodec? codec = SKCodec.Create(data);
            fixed (byte* target = pixels)
                return codec?.GetPixels(info, (nint)target) == SKCodecResult.Success;
        }
    }
}
