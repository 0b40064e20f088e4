using System.Buffers.Binary;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to the sides of an image where the headers of GIF, BMP and WebP have them.</summary>
internal static class SizeMutation
{
    private static readonly int[] Sides = [10_000, 6_000, 16383, 65535, 30_000, -10_000];

    /// <param name="file">A file of 32 bytes or more.</param>
    /// <param name="random">The draws.</param>
    public static byte[] Mutate(byte[] file, Random random)
    {
        byte[] changed = [.. file];
        int at = file[0] switch
        {
            (byte)'G' => 6,
            (byte)'B' => 18,
            _ => 20 + random.Next(12),
        };
        if (file[0] == 'B')
        {
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), Sides[random.Next(Sides.Length)]);
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at + 4), Sides[random.Next(Sides.Length)]);
        }
        else
        {
            BinaryPrimitives.WriteInt16LittleEndian(changed.AsSpan(at), (short)Sides[random.Next(Sides.Length)]);
            BinaryPrimitives.WriteInt16LittleEndian(changed.AsSpan(at + 2), (short)Sides[random.Next(Sides.Length)]);
        }
        return changed;
    }
}
