using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Imaging.Files;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// A file of values of equal size for later runs. The key of a value is a hash of its source; a value whose checksum is wrong counts as
/// missing. One process has the file at a time. Thread-safe.
/// </summary>
/// <remarks>
/// The file: a header of 4096 bytes (the settings, as text), then records of equal size: SHA-256 of the value's source, CRC-32C of hash and
/// value, 4 bytes of zeros, the value. Records are only appended.
/// </remarks>
internal abstract class RecordCache : IDisposable
{
    private const int HeaderBytes = 4096,
        KeyBytes = 32,
        RecordHeaderBytes = KeyBytes + 8;

    private readonly ConcurrentDictionary<Key, long> _positions = new();
    private readonly SafeFileHandle _file;
    private readonly int _valueBytes;
    private readonly long _maxBytes;
    private long _end;
    private long _hits;
    private int _damaged;
    private volatile IOException? _writeError;

    /// <param name="path">The file.</param>
    /// <param name="file">Its handle, from <see cref="TryOpen"/>.</param>
    /// <param name="settings">The settings that all values depend on; a file with other settings is replaced.</param>
    /// <param name="valueBytes">The size of a value.</param>
    /// <param name="maxBytes">The size beyond which nothing is added.</param>
    protected RecordCache(string path, SafeFileHandle file, string settings, int valueBytes, long maxBytes)
    {
        (Path, _file, _valueBytes, _maxBytes) = (path, file, valueBytes, maxBytes);
        _end = HeaderBytes;
        try
        {
            ReadIndex(HeaderOf(settings));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of values in the file.</summary>
    public int Count => _positions.Count;

    /// <summary>The number of values found in the cache.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>The error that stopped writing, such as a full disk. From then on values are only read. Null before that.</summary>
    public IOException? WriteError => _writeError;

    /// <summary>The number of damaged values, which are computed again; a damaged file counts as one.</summary>
    public int Damaged => _damaged;

    /// <summary>Opens a file, or makes it and its folder, which are then their owner's alone.</summary>
    /// <returns>Null if another process has the file open.</returns>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    protected static SafeFileHandle? TryOpen(string path)
    {
        OwnerOnly.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        try
        {
            return OwnerOnly.OpenOrCreate(path);
        }
        catch (IOException e) when (FileInUse.Is(e))
        {
            return null;
        }
    }

    /// <summary>A short text that is another for other settings, for file names.</summary>
    protected static string NameOf(string settings) => Convert.ToHexStringLower(SHA256.HashData(HeaderOf(settings)))[..12];

    /// <summary>Computes the key of a value from its source.</summary>
    public static Key KeyOf(ReadOnlySpan<byte> source)
    {
        Span<byte> hash = stackalloc byte[KeyBytes];
        SHA256.HashData(source, hash);
        return MemoryMarshal.Read<Key>(hash);
    }

    /// <summary>True if the index lists the value; the file itself is not read.</summary>
    public bool Contains(in Key key) => _positions.ContainsKey(key);

    /// <summary>Reads a value.</summary>
    /// <returns>False if there is none, or if it is damaged; the target's content is then undefined.</returns>
    public bool TryRead(in Key key, Span<byte> value)
    {
        if (!_positions.TryGetValue(key, out long position))
            return false;
        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        value = value[.._valueBytes];
        try
        {
            if (
                ReadFully(header, position)
                && ReadFully(value, position + RecordHeaderBytes)
                && MemoryMarshal.Read<Key>(header).Equals(key)
                && MemoryMarshal.Read<uint>(header[KeyBytes..]) == Checksum(key, value)
            )
            {
                Interlocked.Increment(ref _hits);
                return true;
            }
        }
        catch (IOException)
        {
            // A sector that cannot be read is as good as a wrong checksum.
        }
        if (_positions.TryRemove(key, out _))
            Interlocked.Increment(ref _damaged);
        return false;
    }

    /// <summary>Adds a value. If the disk is full, the cache does not change.</summary>
    public void Add(in Key key, ReadOnlySpan<byte> value)
    {
        int bytes = RecordHeaderBytes + _valueBytes;
        if (_writeError is not null || _positions.ContainsKey(key) || !TryReserve(bytes, out long position))
            return;
        byte[] record = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            record.AsSpan(0, RecordHeaderBytes).Clear();
            MemoryMarshal.Write(record, key);
            MemoryMarshal.Write(record.AsSpan(KeyBytes), Checksum(key, value[.._valueBytes]));
            value[.._valueBytes].CopyTo(record.AsSpan(RecordHeaderBytes));
            RandomAccess.Write(_file, record.AsSpan(0, bytes), position);
            _positions[key] = position;
        }
        catch (Exception e) when (WriteProblem.Is(e))
        {
            _writeError = e as IOException ?? new IOException(e.Message, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Takes a place at the end of the file, unless it is full; two threads must not both take the last one.</summary>
    private bool TryReserve(int bytes, out long position)
    {
        do
        {
            position = Interlocked.Read(ref _end);
            if (position + bytes > _maxBytes)
                return false;
        } while (Interlocked.CompareExchange(ref _end, position + bytes, position) != position);
        return true;
    }

    private void ReadIndex(byte[] header)
    {
        byte[] found = new byte[HeaderBytes];
        if (!ReadFully(found, 0) || !found.AsSpan().SequenceEqual(header))
        {
            _damaged = RandomAccess.GetLength(_file) > 0 ? 1 : 0;
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, header, 0);
            return;
        }
        long record = RecordHeaderBytes + _valueBytes;
        // A record that was cut short is overwritten by the next one.
        long count = (RandomAccess.GetLength(_file) - HeaderBytes) / record;
        _end = HeaderBytes + (count * record);
        Span<byte> key = stackalloc byte[KeyBytes];
        for (long i = 0; i < count; i++)
        {
            long position = HeaderBytes + (i * record);
            if (ReadFully(key, position))
                _positions[MemoryMarshal.Read<Key>(key)] = position;
        }
    }

    private static byte[] HeaderOf(string settings)
    {
        byte[] header = new byte[HeaderBytes];
        Encoding.UTF8.GetBytes(settings, header);
        return header;
    }

    private bool ReadFully(Span<byte> target, long position)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, position);
            if (read == 0)
                return false;
            position += read;
            target = target[read..];
        }
        return true;
    }

    private static uint Checksum(in Key key, ReadOnlySpan<byte> value) =>
        Crc32C.Add(Crc32C.Add(Crc32C.Start, MemoryMarshal.AsBytes(new ReadOnlySpan<Key>(in key))), value);

    /// <summary>The SHA-256 of a value's source.</summary>
    public readonly record struct Key(UInt128 First, UInt128 Second);
}
