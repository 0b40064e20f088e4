using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExtensions.TestData;

/// <summary>Reads NumPy's .npz: a zip of .npy arrays (format 1 to 3, little-endian, C order).</summary>
internal sealed partial class Npz : IDisposable
{
    private readonly ZipArchive _zip;

    public Npz(string path)
    {
        _zip = ZipFile.OpenRead(path);
        Names = [.. _zip.Entries.Select(entry => entry.FullName[..^".npy".Length])];
    }

    /// <summary>The names of the arrays.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether there is an array of this name.</summary>
    public bool Contains(string name) => _zip.GetEntry(name + ".npy") is not null;

    /// <summary>An array's shape; empty for a scalar.</summary>
    public int[] Shape(string name) => Read(name).Shape;

    /// <summary>A float32 or float64 array, as float32.</summary>
    public float[] Singles(string name) =>
        Read(name) switch
        {
            ("<f4", _, byte[] data) => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            ("<f8", _, byte[] data) => [.. MemoryMarshal.Cast<byte, double>(data).ToArray().Select(value => (float)value)],
            (string type, _, _) => throw new InvalidDataException($"{name} holds {type}, not floats"),
        };

    /// <summary>A float64 or float32 array, as float64.</summary>
    public double[] Doubles(string name) =>
        Read(name) is ("<f8", _, byte[] data)
            ? MemoryMarshal.Cast<byte, double>(data).ToArray()
            : [.. Singles(name).Select(value => (double)value)];

    /// <summary>An int64 or int32 array, as int64.</summary>
    public long[] Integers(string name) =>
        Read(name) switch
        {
            ("<i8", _, byte[] data) => MemoryMarshal.Cast<byte, long>(data).ToArray(),
            ("<i4", _, byte[] data) => [.. MemoryMarshal.Cast<byte, int>(data).ToArray().Select(value => (long)value)],
            (string type, _, _) => throw new InvalidDataException($"{name} holds {type}, not integers"),
        };

    /// <summary>A uint8 array.</summary>
    public byte[] Bytes(string name) =>
        Read(name) is ("|u1", _, byte[] data) ? data : throw new InvalidDataException($"{name} does not hold bytes");

    /// <summary>An array of strings (NumPy's fixed-width Unicode).</summary>
    public string[] Strings(string name)
    {
        (string type, int[] _, byte[] data) = Read(name);
        if (!type.StartsWith("<U", StringComparison.Ordinal))
            throw new InvalidDataException($"{name} holds {type}, not strings");
        int width = 4 * int.Parse(type[2..]);
        return [.. data.Chunk(width).Select(one => Encoding.UTF32.GetString(one).TrimEnd('\0'))];
    }

    public void Dispose() => _zip.Dispose();

    private (string Type, int[] Shape, byte[] Data) Read(string name)
    {
        ZipArchiveEntry entry = _zip.GetEntry(name + ".npy") ?? throw new KeyNotFoundException($"no array {name} in the .npz");
        byte[] file = new byte[entry.Length];
        using (Stream stream = entry.Open())
            stream.ReadExactly(file);
        // Magic (6 bytes), version (2), header length (2 bytes in version 1, 4 after), header: a Python dictionary.
        bool isFirstVersion = file[6] == 1;
        int start = isFirstVersion ? 10 : 12;
        int length = isFirstVersion
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8))
            : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        Match header = Header().Match(Encoding.UTF8.GetString(file, start, length));
        if (!header.Success)
            throw new InvalidDataException($"{name}: not a C-order array of a simple type");
        int[] shape =
        [
            .. header
                .Groups["shape"]
                .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(int.Parse),
        ];
        return (header.Groups["type"].Value, shape, file[(start + length)..]);
    }

    [GeneratedRegex(@"'descr': '(?<type>[^']+)', 'fortran_order': False, 'shape': \((?<shape>[^)]*)\)")]
    private static partial Regex Header();
}
