using System.Buffers.Binary;

namespace MLNetExtensions.Tests.Training.TensorBoard;

/// <summary>Reads an event file, checksums verified, with nothing of the writer's code.</summary>
internal static class EventFile
{
    public static WireMessage[] Read(string path)
    {
        // A writer may still have it open, as when TensorBoard reads along.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Read(bytes);
    }

    public static WireMessage[] Read(ReadOnlySpan<byte> file)
    {
        List<WireMessage> events = [];
        while (!file.IsEmpty)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
            Check(file[..8], file[8..]);
            Check(file.Slice(12, length), file[(12 + length)..]);
            events.Add(new WireMessage(file.Slice(12, length)));
            file = file[(length + 16)..];
        }
        return [.. events];
    }

    private static void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = Crc32C(data),
            masked = unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        if (masked != expected)
            throw new InvalidDataException($"checksum {masked:X8}, stored {expected:X8}");
    }

    /// <summary>Bit by bit from the polynomial of RFC 3720.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }
        return ~crc;
    }
}
