using System.Buffers.Binary;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to bytes of any format: bits, runs, cuts, and numbers that break sizes.</summary>
internal static class ByteMutation
{
    private static readonly long[] Numbers =
    [
        0,
        1,
        -1,
        2,
        -2,
        7,
        8,
        63,
        64,
        127,
        128,
        255,
        256,
        32767,
        32768,
        65535,
        65536,
        16777216,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        1L << 32,
        1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    /// <summary>A number at which arithmetic on sizes breaks.</summary>
    public static long Number(Random random) =>
        random.Next(4) == 0 ? random.NextInt64() >> random.Next(64) : Numbers[random.Next(Numbers.Length)];

    public static byte[] Mutate(byte[] input, Random random)
    {
        if (input.Length == 0)
            return [(byte)random.Next(256)];
        int at = random.Next(input.Length),
            length = Math.Min(input.Length - at, 1 + random.Next(1 << random.Next(1, 9)));
        byte[] bytes;
        switch (random.Next(9))
        {
            case 0:
                bytes = [.. input];
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes = [.. input];
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes = [.. input];
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 3:
                return [.. input[..at], .. input[(at + length)..]];
            case 4:
                return [.. input[..(at + length)], .. input[at..]];
            case 5:
                return input[..at];
            case 6:
                int from = random.Next(input.Length - length + 1);
                bytes = [.. input];
                input.AsSpan(from, length).CopyTo(bytes.AsSpan(at));
                return bytes;
            default:
                bytes = [.. input];
                Span<byte> number = stackalloc byte[sizeof(long)];
                long value = Number(random);
                if (random.Next(4) == 0)
                    BinaryPrimitives.WriteInt64BigEndian(number, value);
                else
                    BinaryPrimitives.WriteInt64LittleEndian(number, value);
                int width = Math.Min(1 << random.Next(4), input.Length - at);
                number[..width].CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }
}
