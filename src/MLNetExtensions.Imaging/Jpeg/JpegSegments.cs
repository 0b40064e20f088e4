using System.Buffers.Binary;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>Walks a JPEG file's segments, from its first byte to the head of its first scan.</summary>
internal ref struct JpegSegments(ReadOnlySpan<byte> file)
{
    /// <summary>The marker of a scan, which is the last segment.</summary>
    public const byte Scan = 0xDA;

    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>The marker of the segment.</summary>
    public byte Marker { get; private set; }

    /// <summary>The bytes of the segment, without its marker and its length.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The position behind the segment.</summary>
    public int End { get; private set; } = file is [0xFF, 0xD8, ..] ? 2 : file.Length;

    /// <summary>Goes to the next segment.</summary>
    /// <returns>False behind the first scan's head, and where the next bytes are none that a segment begins with.</returns>
    public bool MoveNext()
    {
        int at = End;
        if (Marker == Scan || at + 4 > _file.Length || _file[at] != 0xFF)
            return false;
        // Fill bytes.
        while (at + 4 < _file.Length && _file[at + 1] == 0xFF)
            at++;
        Marker = _file[at + 1];
        // What is less stands alone, or is reserved; restarts, start and end of the image stand alone.
        if (Marker < 0xC0 || Marker is (>= 0xD0 and <= 0xD9) or 0xFF)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_file[(at + 2)..]);
        if (length < 2 || at + 2 + length > _file.Length)
            return false;
        Content = _file.Slice(at + 4, length - 2);
        End = at + 2 + length;
        return true;
    }
}
