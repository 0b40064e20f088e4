using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SkiaSharp;

namespace MLNetExtensions.Data;

/// <summary>
/// Decoded canvases in a file that later runs use again. A picture is found by a hash of its encoded bytes, in a file for its preprocessing, so a
/// picture or a setting that has changed is never taken for the old one; a canvas whose checksum is wrong counts as missing. Thread-safe.
/// </summary>
/// <remarks>
/// The file: a header of 4096 bytes (the settings, as text), then records of equal size: SHA-256 of the encoded picture, CRC-32C of hash and canvas,
/// 4 bytes of zeros, the canvas. Records are only appended.
/// </remarks>
internal sealed class DecodedPictureCache : IDisposable
{
    private const int HeaderBytes = 4096, KeyBytes = 32, RecordHeaderBytes = KeyBytes + 8;

    // Raise it when the same file and settings decode to other pixels.
    private const int Format = 1;

    private readonly ConcurrentDictionary<Key, long> _positions = new();
    private readonly SafeFileHandle _file;
    private readonly int _canvasBytes;
    private readonly long _maxBytes;
    private long _end;
    private long _hits;
    private volatile IOException? _writeError;

    private DecodedPictureCache(string path, SafeFileHandle file, int canvasBytes, long maxBytes)
    {
        (Path, _file, _canvasBytes, _maxBytes) = (path, file, canvasBytes, maxBytes);
        _end = HeaderBytes;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of pictures in the file.</summary>
    public int Count => _positions.Count;

    /// <summary>How many pictures were found.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>What ended the writing, for one a full disk: from then on pictures are only read.</summary>
    public IOException? WriteError => _writeError;

    /// <summary>Opens the file of some settings, or makes it; one that is damaged or of another version is made anew.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="preprocessing">The settings that the pixels depend on.</param>
    /// <param name="maxBytes">The size beyond which nothing is added.</param>
    /// <returns>Null where another process has the file open: that run decodes.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static DecodedPictureCache? Open(string folder, ImagePreprocessing preprocessing, long maxBytes = long.MaxValue)
    {
        Directory.CreateDirectory(folder);
        string settings = $"MLNetExtensions pictures {Format}: {preprocessing.CanvasWidth} x {preprocessing.CanvasHeight}, {preprocessing.ResizeMode}, {preprocessing.Interpolation}{(preprocessing.ChannelCount == 3 ? "" : $", {preprocessing.ChannelCount} channels")}, Skia {SkiaSharpVersion.Native}";
        byte[] header = new byte[HeaderBytes];
        Encoding.UTF8.GetBytes(settings, header);
        string path = System.IO.Path.Combine(folder, $"pictures-{preprocessing.CanvasWidth}x{preprocessing.CanvasHeight}-{Convert.ToHexStringLower(SHA256.HashData(header))[..12]}.cache");
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        var cache = new DecodedPictureCache(path, file, preprocessing.ChannelCount * preprocessing.CanvasWidth * preprocessing.CanvasHeight, maxBytes);
        try
        {
            cache.ReadIndex(header);
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The key of a picture.</summary>
    public static Key KeyOf(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[KeyBytes];
        SHA256.HashData(encoded, hash);
        return MemoryMarshal.Read<Key>(hash);
    }

    /// <summary>Whether a canvas is in the file, as far as one can tell without reading it.</summary>
    public bool Contains(in Key key) => _positions.ContainsKey(key);

    /// <summary>Reads a canvas.</summary>
    /// <returns>False where there is none, or where it is damaged; the target's content is then undefined.</returns>
    public bool TryRead(in Key key, Span<byte> canvas)
    {
        if (!_positions.TryGetValue(key, out long position))
            return false;
        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        canvas = canvas[.._canvasBytes];
        try
        {
            if (ReadFully(header, position) && ReadFully(canvas, position + RecordHeaderBytes)
                && MemoryMarshal.Read<Key>(header).Equals(key) && MemoryMarshal.Read<uint>(header[KeyBytes..]) == Checksum(key, canvas))
            {
                Interlocked.Increment(ref _hits);
                return true;
            }
        }
        catch (IOException)
        {
            // A sector that cannot be read is as good as a wrong checksum.
        }
        _positions.TryRemove(key, out _);
        return false;
    }

    /// <summary>Adds a canvas. Where the disk is full, the cache only stays as it is.</summary>
    public void Add(in Key key, ReadOnlySpan<byte> canvas)
    {
        int bytes = RecordHeaderBytes + _canvasBytes;
        if (_writeError is not null || _positions.ContainsKey(key) || Interlocked.Read(ref _end) + bytes > _maxBytes)
            return;
        long position = Interlocked.Add(ref _end, bytes) - bytes;
        byte[] record = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            record.AsSpan(0, RecordHeaderBytes).Clear();
            MemoryMarshal.Write(record, key);
            MemoryMarshal.Write(record.AsSpan(KeyBytes), Checksum(key, canvas[.._canvasBytes]));
            canvas[.._canvasBytes].CopyTo(record.AsSpan(RecordHeaderBytes));
            RandomAccess.Write(_file, record.AsSpan(0, bytes), position);
            _positions[key] = position;
        }
        catch (IOException e)
        {
            _writeError = e;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadIndex(byte[] header)
    {
        byte[] found = new byte[HeaderBytes];
        if (!ReadFully(found, 0) || !found.AsSpan().SequenceEqual(header))
        {
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, header, 0);
            return;
        }
        long record = RecordHeaderBytes + _canvasBytes;
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

    private static uint Checksum(in Key key, ReadOnlySpan<byte> canvas)
    {
        uint crc = Add(uint.MaxValue, MemoryMarshal.AsBytes(new ReadOnlySpan<Key>(in key)));
        return Add(crc, canvas);

        static uint Add(uint crc, ReadOnlySpan<byte> bytes)
        {
            foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
                crc = BitOperations.Crc32C(crc, eight);
            foreach (byte one in bytes[(bytes.Length & ~7)..])
                crc = BitOperations.Crc32C(crc, one);
            return crc;
        }
    }

    /// <summary>SHA-256 of an encoded picture.</summary>
    public readonly record struct Key(UInt128 First, UInt128 Second);
}
