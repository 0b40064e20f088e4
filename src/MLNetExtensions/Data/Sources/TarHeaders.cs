using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MLNetExtensions.Data.Sources;

/// <summary>
/// Walks the entries of a tar file, compressed by gzip or not: POSIX's format with the long names of PAX and GNU. Sizes are checked before
/// anything is made for them, and the bytes of an entry are there when the next one is.
/// </summary>
internal sealed class TarHeaders : IDisposable
{
    private const int BlockBytes = 512;

    // Names and attributes of an entry; no system has longer ones.
    private const int MostAttributeBytes = 1 << 20;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly byte[] _block = new byte[BlockBytes];
    private long _position,
        _next;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public TarHeaders(string path, bool isCompressed)
    {
        _path = path;
        Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024);
        _stream = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The entry's path, as the archive has it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The kind of entry: '0' for a file, '1' and '2' for links, '5' for a folder.</summary>
    public char Kind { get; private set; }

    /// <summary>The size of its bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The position of its bytes in the unpacked file.</summary>
    public long Offset { get; private set; }

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="InvalidDataException">It is no tar file, or it is damaged or cut short.</exception>
    public bool MoveNext()
    {
        try
        {
            return ReadEntry();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    /// <summary>Reads the entry's bytes, all of them.</summary>
    /// <exception cref="InvalidDataException">They are damaged or not there.</exception>
    public void Read(Span<byte> bytes)
    {
        try
        {
            _stream.ReadExactly(bytes);
            _position += bytes.Length;
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool ReadEntry()
    {
        string? longName = null;
        long? longLength = null;
        while (ReadHeader())
        {
            long length = Number(_block.AsSpan(124, 12));
            Kind = (char)_block[156];
            switch (Kind)
            {
                case 'L':
                    longName = Text(ReadAttributes(length));
                    continue;
                case 'x':
                    ReadRecords(ReadAttributes(length), ref longName, ref longLength);
                    continue;
                // Names of links, and attributes of all entries.
                case 'K' or 'g':
                    _ = ReadAttributes(length);
                    continue;
                case 'S':
                    SkipSparseMaps();
                    break;
                case '\0' or '7':
                    Kind = '0';
                    break;
            }
            Name = longName ?? ShortName();
            // Links, devices and folders have no bytes, whatever their header says.
            Length = Kind is >= '1' and <= '6' ? 0 : longLength ?? length;
            Offset = _position;
            Expect(Length);
            return true;
        }
        return false;
    }

    private static bool IsDamage(Exception e) => e is FormatException or InvalidDataException or EndOfStreamException;

    private InvalidDataException Damaged(Exception e) =>
        new($"'{_path}' is no tar file, or it is damaged or cut short, at byte {_position} of what it holds: {e.Message}", e);

    /// <summary>Reads the header of the next entry.</summary>
    /// <returns>False at the end.</returns>
    private bool ReadHeader()
    {
        Skip(_next - _position);
        int read = _stream.ReadAtLeast(_block, BlockBytes, throwOnEndOfStream: false);
        _position += read;
        _next = _position;
        if (read == 0)
            return false;
        if (read < BlockBytes)
            throw new FormatException($"it ends within a header, after {read} bytes.");
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            return false;
        // Old programs added bytes with their sign.
        long stated = Number(_block.AsSpan(148, 8));
        _block.AsSpan(148, 8).Fill((byte)' ');
        long sum = 0,
            signed = 0;
        foreach (byte b in _block)
            (sum, signed) = (sum + b, signed + (sbyte)b);
        return stated == sum || stated == signed
            ? true
            : throw new FormatException($"the checksum of a header is {sum}, stated are {stated}.");
    }

    /// <summary>Notes the bytes that follow a header.</summary>
    private void Expect(long length)
    {
        // What is compressed tells when it is skipped.
        if (_stream.CanSeek && length > _stream.Length - _position)
            throw new FormatException($"an entry states {length} bytes, the file ends after {_stream.Length - _position}.");
        if (length > long.MaxValue - _position - BlockBytes)
            throw new FormatException($"an entry states {length} bytes.");
        _next = _position + ((length + BlockBytes - 1) / BlockBytes * BlockBytes);
        if (_stream.CanSeek)
            _next = Math.Min(_next, _stream.Length);
    }

    private byte[] ReadAttributes(long length)
    {
        if (length > MostAttributeBytes)
            throw new FormatException($"the names and attributes of an entry state {length} bytes, more than {MostAttributeBytes}.");
        Expect(length);
        byte[] bytes = new byte[length];
        _stream.ReadExactly(bytes);
        _position += length;
        return bytes;
    }

    private void Skip(long length)
    {
        if (_stream.CanSeek)
        {
            _stream.Seek(length, SeekOrigin.Current);
            _position += length;
            return;
        }
        Span<byte> piece = stackalloc byte[4096];
        while (length > 0)
        {
            int read = _stream.Read(piece[..(int)Math.Min(length, piece.Length)]);
            if (read == 0)
                throw new EndOfStreamException($"it ends {length} bytes before the end of an entry.");
            length -= read;
            _position += read;
        }
    }

    /// <summary>Skips what follows the header of a file with holes: a list of its parts.</summary>
    private void SkipSparseMaps()
    {
        for (bool isMore = _block[482] != 0; isMore; isMore = _block[504] != 0)
        {
            _stream.ReadExactly(_block);
            _position += BlockBytes;
        }
    }

    private string ShortName()
    {
        string name = Text(_block.AsSpan(0, 100));
        bool hasPrefix = _block.AsSpan(257, 6).SequenceEqual("ustar\0"u8) && _block[345] != 0;
        return hasPrefix ? $"{Text(_block.AsSpan(345, 155))}/{name}" : name;
    }

    /// <summary>Reads PAX's records: a length, a blank, a key, '=', a value, a line's end.</summary>
    private static void ReadRecords(ReadOnlySpan<byte> records, ref string? name, ref long? length)
    {
        while (!records.IsEmpty && records[0] != 0)
        {
            int blank = records.IndexOf((byte)' ');
            if (
                blank <= 0
                || !int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                || size <= blank + 1
                || size > records.Length
                || records[size - 1] != '\n'
            )
                throw new FormatException("the attributes of an entry are no records of PAX.");
            ReadOnlySpan<byte> record = records[(blank + 1)..(size - 1)];
            records = records[size..];
            if (record.StartsWith("path="u8))
                name = Encoding.UTF8.GetString(record[5..]);
            else if (record.StartsWith("size="u8))
                length = long.TryParse(record[5..], NumberStyles.None, CultureInfo.InvariantCulture, out long stated)
                    ? stated
                    : throw new FormatException("the size of an entry is no number.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Reads octal digits; or, where the first bit is set, a whole number.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        long value = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field[0] != 0x80)
                throw new FormatException("a number of a header is negative.");
            foreach (byte b in field[1..])
                value = value >> 55 == 0 ? (value << 8) | b : throw new FormatException("a number of a header is too large.");
            return value;
        }
        foreach (byte digit in field.Trim(" \0"u8))
            value = digit is >= (byte)'0' and <= (byte)'7'
                ? (value * 8) + digit - '0'
                : throw new FormatException("a number of a header is none.");
        return value;
    }
}
