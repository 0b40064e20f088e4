using System.Buffers.Binary;
using Xunit;

namespace MLNetExtensions.Parquet.Tests;

/// <summary>Files that state what cannot be. Parquet.Net asks for memory for it, or looks for rows for ever.</summary>
public sealed class ParquetCheckTests
{
    // Fields of Thrift's compact protocol: a byte of the step in numbers and the type, then the value.
    private static readonly byte[] Schema =
    [
        .. (byte[])[0x19, 0x2C, 0x48, 1, (byte)'r', 0x15, 2, 0],
        .. (byte[])[0x15, 12, 0x25, 0, 0x18, 5, .. "image"u8, 0],
    ];

    [Fact]
    public void More_rows_than_bits_are_refused() =>
        Assert.Contains("it states 1000000 rows; ", Problem([0x15, 2, .. Schema, 0x16, .. Number(1_000_000), 0]));

    [Fact]
    public void A_list_of_more_elements_than_bytes_is_refused() =>
        Assert.Contains("a list states 1000000 elements", Problem([0x15, 2, 0x19, 0xFC, .. Number(500_000), 0]));

    [Fact]
    public void A_text_of_more_bytes_than_there_are_is_refused() =>
        Assert.Contains("a text states 1000000 bytes", Problem([0x15, 2, .. Schema, 0x38, .. Number(500_000), 0]));

    [Fact]
    public void Structures_that_are_too_deep_are_refused() =>
        Assert.Contains("more than 32 deep", Problem([.. Enumerable.Repeat((byte)0x1C, 100)]));

    [Fact]
    public void A_schema_that_states_other_columns_than_it_has_is_refused() =>
        Assert.Contains("fewer elements", Problem([0x15, 2, 0x19, 0x1C, 0x48, 1, (byte)'r', 0x15, 2, 0, 0]));

    private static string Problem(byte[] footer)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        using var file = new MemoryStream([.. "PAR1"u8, .. footer, .. length, .. "PAR1"u8]);
        return Assert.Throws<InvalidDataException>(() => ParquetCheck.Check(file, ["image"])).Message;
    }

    /// <summary>A number as i64 has it: twice itself.</summary>
    private static byte[] Number(long value)
    {
        List<byte> bytes = [];
        for (value *= 2; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        return [.. bytes, (byte)value];
    }
}
