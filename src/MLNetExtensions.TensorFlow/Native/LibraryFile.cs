using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>
/// Reads a shared library's header before the loader sees the file: the loader's own messages name neither the cause nor the remedy.
/// </summary>
internal static class LibraryFile
{
    /// <summary>The reason why this process cannot load a library file, or null if none is known.</summary>
    public static string? Problem(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[64];
        int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        header = header[..read];
        if (read < 64)
            return $"it is truncated: {read} bytes";
        if (header[..4].SequenceEqual("\u007fELF"u8))
            return ProblemOfElf(header, file.Length);
        if (header[..2].SequenceEqual("MZ"u8))
            return OperatingSystem.IsWindows()
                ? ProblemOfPe(file, BinaryPrimitives.ReadInt32LittleEndian(header[60..]))
                : "it is a Windows library";
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) is 0xfeedfacf or 0xbebafeca or 0xcafebabe)
            return OperatingSystem.IsMacOS() ? null : "it is a macOS library";
        return "it is no shared library";
    }

    private static string? ProblemOfElf(ReadOnlySpan<byte> header, long length)
    {
        if (!OperatingSystem.IsLinux())
            return "it is a Linux library";
        if (header[4] != 2 || header[5] != 1)
            return "it is not a 64-bit little-endian library";
        Architecture? architecture = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) switch
        {
            62 => Architecture.X64,
            183 => Architecture.Arm64,
            _ => null,
        };
        if (architecture != RuntimeInformation.ProcessArchitecture)
            return Foreign(architecture);
        // The section table is the last part of the file.
        long end = checked(
            (long)BinaryPrimitives.ReadUInt64LittleEndian(header[40..])
            + (long)BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[60..])
        );
        return end > length ? $"it is truncated: {length} of at least {end} bytes" : null;
    }

    private static string? ProblemOfPe(FileStream file, int offset)
    {
        Span<byte> header = stackalloc byte[6];
        file.Position = offset;
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return $"it is truncated: {file.Length} bytes";
        Architecture? architecture = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) switch
        {
            0x8664 => Architecture.X64,
            0xaa64 => Architecture.Arm64,
            _ => null,
        };
        return architecture == RuntimeInformation.ProcessArchitecture ? null : Foreign(architecture);
    }

    private static string Foreign(Architecture? architecture) =>
        $"it is made for {architecture?.ToString() ?? "another processor"}, this process is {RuntimeInformation.ProcessArchitecture}";
}
