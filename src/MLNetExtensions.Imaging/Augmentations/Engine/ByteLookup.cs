using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Replaces every byte by an entry of a table.</summary>
internal static class ByteLookup
{
    /// <summary>Replaces bytes in place.</summary>
    /// <param name="bytes">The bytes to change.</param>
    /// <param name="table">256 entries.</param>
    public static void Apply(Span<byte> bytes, ReadOnlySpan<byte> table)
    {
        int i = 0;
        if (Avx512Vbmi.IsSupported && bytes.Length >= Vector512<byte>.Count)
        {
            Vector512<byte> a = Vector512.Create(table),
                b = Vector512.Create(table[64..]),
                c = Vector512.Create(table[128..]),
                d = Vector512.Create(table[192..]);
            for (; i <= bytes.Length - Vector512<byte>.Count; i += Vector512<byte>.Count)
            {
                Vector512<byte> index = Vector512.Create<byte>(bytes[i..]);
                // Each permutation reads the low 7 bits; the top bit chooses.
                Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(a, index, b),
                    high = Avx512Vbmi.PermuteVar64x8x2(c, index, d);
                Vector512
                    .ConditionalSelect(Vector512.LessThan(index.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low)
                    .CopyTo(bytes[i..]);
            }
        }
        table = table[..256];
        for (; i < bytes.Length; i++)
            bytes[i] = table[bytes[i]];
    }

    /// <summary>Makes one table of two: first <paramref name="table"/>, then <paramref name="next"/>.</summary>
    public static void Compose(Span<byte> table, ReadOnlySpan<byte> next) => Apply(table[..256], next);
}
