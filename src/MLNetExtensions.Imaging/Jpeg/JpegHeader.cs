using System.Buffers.Binary;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>What a JPEG file's segments say, without building any of its tables.</summary>
internal static class JpegHeader
{
    /// <summary>The marker of the image's end.</summary>
    public const byte EndOfImage = 0xD9;

    /// <summary>True if the image's end is marked somewhere behind the head of its first scan.</summary>
    public static bool HasEnd(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
            if (segments.Marker == JpegSegments.Scan)
                return HasEndIn(file[segments.End..]);
        return false;
    }

    /// <summary>True if entropy-coded data, with what follows them, have the marker of the image's end.</summary>
    public static bool HasEndIn(ReadOnlySpan<byte> data) => data.LastIndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]) >= 0;

    /// <summary>True if the image is stored from coarse to fine.</summary>
    public static bool IsProgressive(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
            if (segments.Marker == 0xC2)
                return true;
        return false;
    }

    /// <summary>True if a file is a JPEG of the given size with no mark in it that the image is turned.</summary>
    public static bool IsUpright(ReadOnlySpan<byte> file, int width, int height)
    {
        bool hasSize = false;
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
        {
            switch (segments.Marker)
            {
                case JpegSegments.Scan:
                    return hasSize;
                case 0xE1:
                    return false;
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    ReadOnlySpan<byte> frame = segments.Content;
                    hasSize =
                        frame.Length >= 5
                        && BinaryPrimitives.ReadUInt16BigEndian(frame[1..]) == height
                        && BinaryPrimitives.ReadUInt16BigEndian(frame[3..]) == width;
                    if (!hasSize)
                        return false;
                    break;
            }
        }
        return false;
    }
}
