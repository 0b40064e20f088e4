using System.Buffers.Binary;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>Reads a JPEG file's header without building any of its tables.</summary>
internal static class JpegHeader
{
    private static ReadOnlySpan<byte> Start => [0xFF, 0xD8];

    private static ReadOnlySpan<byte> End => [0xFF, 0xD9];

    /// <summary>True if the file ends with the end marker.</summary>
    public static bool HasEnd(ReadOnlySpan<byte> file) => file.EndsWith(End);

    /// <summary>
    /// True if a file is a complete JPEG of the given size, from its first byte to its end marker, with no mark in it that the image is
    /// turned.
    /// </summary>
    public static bool IsWholeAndUpright(ReadOnlySpan<byte> file, int width, int height)
    {
        if (file.Length < 4 || !file.StartsWith(Start) || !HasEnd(file))
            return false;
        bool hasSize = false;
        int position = 2;
        while (position + 4 <= file.Length && file[position] == 0xFF)
        {
            byte marker = file[position + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(position + 2)..]);
            if (marker == 0xDA)
                return hasSize;
            // EXIF, and what is rare: fill bytes between markers.
            if (marker is 0xE1 or 0xFF || length < 2 || position + 2 + length > file.Length)
                return false;
            ReadOnlySpan<byte> segment = file.Slice(position + 4, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (
                    segment.Length < 5
                    || BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) != height
                    || BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) != width
                )
                    return false;
                hasSize = true;
            }
            position += 2 + length;
        }
        return false;
    }
}
