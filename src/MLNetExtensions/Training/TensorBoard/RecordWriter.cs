using System.Buffers.Binary;
using System.Numerics;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>
/// Appends records to a TFRecord file: the length (8 bytes, little-endian), its checksum, the data, their checksum. Checksums are CRC-32C,
/// masked so that a checksum of data that hold checksums stays strong. Not thread-safe.
/// </summary>
internal sealed class RecordWriter(Stream stream) : IDisposable
{
    public void Write(ReadOnlySpan<byte> record)
    {
        Span<byte> head = stackalloc byte[12],
            tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedChecksum(head[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedChecksum(record));
        stream.Write(head);
        stream.Write(record);
        stream.Write(tail);
    }

    public void Flush() => stream.Flush();

    public void Dispose() => stream.Dispose();

    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes) =>
        BitOperations.RotateRight(~Crc32C.Add(Crc32C.Start, bytes), 15) + 0xA282EAD8;
}
