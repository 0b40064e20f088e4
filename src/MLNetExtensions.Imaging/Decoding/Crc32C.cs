using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>The checksum CRC-32C (Castagnoli), which processors compute; System.IO.Hashing has CRC-32 only.</summary>
internal static class Crc32C
{
    /// <summary>The value before any bytes.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Adds bytes to a checksum that is not inverted yet.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        foreach (byte one in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
