using System.Buffers.Binary;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to Parquet files, most of it to what a footer states, whose length stays right.</summary>
internal static class ParquetMutation
{
    private const int TailBytes = 8;

    public static byte[] Mutate(byte[] input, Random random)
    {
        if (input.Length < 2 * TailBytes || random.Next(4) == 0)
            return ByteMutation.Mutate(input, random);
        int length = BinaryPrimitives.ReadInt32LittleEndian(input.AsSpan(input.Length - TailBytes)),
            start = input.Length - TailBytes - length;
        if (length <= 0 || start < 4)
            return ByteMutation.Mutate(input, random);
        byte[] body = input[..start],
            footer = input[start..^TailBytes];
        if (random.Next(2) == 0)
            body = ByteMutation.Mutate(body, random);
        else
            footer = ByteMutation.Mutate(footer, random);
        byte[] tail = [.. input[^TailBytes..]];
        BinaryPrimitives.WriteInt32LittleEndian(tail, footer.Length);
        return [.. body, .. footer, .. tail];
    }
}
