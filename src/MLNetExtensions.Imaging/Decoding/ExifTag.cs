using System.Buffers.Binary;
using MLNetExtensions.Imaging.Jpeg;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// The orientation that a file's EXIF states, where Skia does not find it: in PNG and WebP, and as a number of another width than 16 bits.
/// Read as Pillow reads it.
/// </summary>
internal static class ExifTag
{
    private const ushort Orientation = 0x0112;

    private static ReadOnlySpan<byte> ExifHead => "Exif\0\0"u8;

    /// <summary>The orientation, 1 to 8; null if the file states none.</summary>
    /// <param name="file">A JPEG, PNG or WebP file; others state none.</param>
    public static SKEncodedOrigin? FindOrientation(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> exif =
            file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? OfJpeg(file)
            : file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? OfPng(file)
            : file.StartsWith("RIFF"u8) ? OfWebp(file)
            : default;
        return OfTiff(exif);
    }

    private static ReadOnlySpan<byte> OfJpeg(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
            if (segments.Marker == 0xE1 && segments.Content.StartsWith(ExifHead))
                return segments.Content[ExifHead.Length..];
        return default;
    }

    private static ReadOnlySpan<byte> OfPng(ReadOnlySpan<byte> file)
    {
        // Before or behind the pixels.
        for (int at = 8; at + 12 <= file.Length; )
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
                return default;
            if (file.Slice(at + 4, 4).SequenceEqual("eXIf"u8))
                return Headless(file.Slice(at + 8, (int)length));
            at += 12 + (int)length;
        }
        return default;
    }

    private static ReadOnlySpan<byte> OfWebp(ReadOnlySpan<byte> file)
    {
        for (int at = 12; at + 8 <= file.Length; )
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > file.Length - at - 8)
                return default;
            if (file.Slice(at, 4).SequenceEqual("EXIF"u8))
                return Headless(file.Slice(at + 8, (int)length));
            at += 8 + (int)length + (int)(length & 1);
        }
        return default;
    }

    private static ReadOnlySpan<byte> Headless(ReadOnlySpan<byte> exif) => exif.StartsWith(ExifHead) ? exif[ExifHead.Length..] : exif;

    /// <summary>Looks through the first directory of a TIFF.</summary>
    private static SKEncodedOrigin? OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return null;
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (!isLittle && !tiff.StartsWith("MM\0*"u8))
            return null;
        long directory = UInt32(tiff[4..], isLittle);
        if (directory + 2 > tiff.Length)
            return null;
        int count = UInt16(tiff[(int)directory..], isLittle);
        for (int i = 0; i < count && directory + 2 + ((i + 1) * 12) <= tiff.Length; i++)
        {
            ReadOnlySpan<byte> entry = tiff.Slice((int)directory + 2 + (i * 12), 12);
            if (UInt16(entry, isLittle) != Orientation)
                continue;
            // SHORT and SSHORT, LONG and SLONG; one value, which lies in the entry itself.
            uint value =
                UInt32(entry[4..], isLittle) != 1
                    ? 0
                    : UInt16(entry[2..], isLittle) switch
                    {
                        3 or 8 => UInt16(entry[8..], isLittle),
                        4 or 9 => UInt32(entry[8..], isLittle),
                        _ => 0,
                    };
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : null;
        }
        return null;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
