using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Data.Jpeg;

/// <summary>
/// The inverse cosine transform of a block, bit for bit libjpeg's accurate integer one (jidctint.c, after Loeffler, Ligtenberg and Moschytz, 1989),
/// eight columns at a time. Needs AVX2.
/// </summary>
internal static unsafe class InverseDct
{
    private const int ConstantBits = 13, FirstBits = 2;

    /// <summary>Transforms a block and clears it.</summary>
    /// <param name="coefficients">64, row by row; zeros afterwards.</param>
    /// <param name="last">The last position in zigzag order that is not zero.</param>
    /// <param name="target">The first pixel.</param>
    /// <param name="stride">The distance from row to row.</param>
    public static void Run(int* coefficients, int last, byte* target, int stride)
    {
        if (last == 0)
        {
            // libjpeg's arithmetic for a block of one value.
            byte level = (byte)Math.Clamp((((coefficients[0] << FirstBits) + 16) >> 5) + 128, 0, 255);
            coefficients[0] = 0;
            ulong row = level * 0x0101010101010101UL;
            for (int y = 0; y < 8; y++)
                *(ulong*)(target + (y * stride)) = row;
            return;
        }
        Vector256<int> a = Vector256.Load(coefficients), b = Vector256.Load(coefficients + 8), c = Vector256.Load(coefficients + 16);
        Vector256<int> d = Vector256.Load(coefficients + 24), e = Vector256.Load(coefficients + 32), f = Vector256.Load(coefficients + 40);
        Vector256<int> g = Vector256.Load(coefficients + 48), h = Vector256.Load(coefficients + 56);
        new Span<int>(coefficients, 64).Clear();
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ConstantBits - FirstBits);
        Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ConstantBits + FirstBits + 3);
        Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Store(a, b, target, stride);
        Store(c, d, target + (2 * stride), stride);
        Store(e, f, target + (4 * stride), stride);
        Store(g, h, target + (6 * stride), stride);
    }

    private static void Pass(
        ref Vector256<int> a, ref Vector256<int> b, ref Vector256<int> c, ref Vector256<int> d,
        ref Vector256<int> e, ref Vector256<int> f, ref Vector256<int> g, ref Vector256<int> h, int shift)
    {
        Vector256<int> z1 = (c + g) * 4433;
        Vector256<int> even2 = z1 - (g * 15137), even3 = z1 + (c * 6270);
        Vector256<int> even0 = (a + e) << ConstantBits, even1 = (a - e) << ConstantBits;
        Vector256<int> t10 = even0 + even3, t13 = even0 - even3, t11 = even1 + even2, t12 = even1 - even2;

        z1 = h + b;
        Vector256<int> z2 = f + d, z3 = h + d, z4 = f + b, z5 = (z3 + z4) * 9633;
        z1 *= -7373;
        z2 *= -20995;
        z3 = (z3 * -16069) + z5;
        z4 = (z4 * -3196) + z5;
        Vector256<int> odd0 = (h * 2446) + z1 + z3, odd1 = (f * 16819) + z2 + z4, odd2 = (d * 25172) + z2 + z3, odd3 = (b * 12299) + z1 + z4;

        Vector256<int> half = Vector256.Create(1 << (shift - 1));
        a = (t10 + odd3 + half) >> shift;
        h = (t10 - odd3 + half) >> shift;
        b = (t11 + odd2 + half) >> shift;
        g = (t11 - odd2 + half) >> shift;
        c = (t12 + odd1 + half) >> shift;
        f = (t12 - odd1 + half) >> shift;
        d = (t13 + odd0 + half) >> shift;
        e = (t13 - odd0 + half) >> shift;
    }

    private static void Transpose(
        ref Vector256<int> a, ref Vector256<int> b, ref Vector256<int> c, ref Vector256<int> d,
        ref Vector256<int> e, ref Vector256<int> f, ref Vector256<int> g, ref Vector256<int> h)
    {
        Vector256<long> ab0 = Avx2.UnpackLow(a, b).AsInt64(), ab1 = Avx2.UnpackHigh(a, b).AsInt64();
        Vector256<long> cd0 = Avx2.UnpackLow(c, d).AsInt64(), cd1 = Avx2.UnpackHigh(c, d).AsInt64();
        Vector256<long> ef0 = Avx2.UnpackLow(e, f).AsInt64(), ef1 = Avx2.UnpackHigh(e, f).AsInt64();
        Vector256<long> gh0 = Avx2.UnpackLow(g, h).AsInt64(), gh1 = Avx2.UnpackHigh(g, h).AsInt64();
        Vector256<int> x0 = Avx2.UnpackLow(ab0, cd0).AsInt32(), x1 = Avx2.UnpackHigh(ab0, cd0).AsInt32();
        Vector256<int> x2 = Avx2.UnpackLow(ab1, cd1).AsInt32(), x3 = Avx2.UnpackHigh(ab1, cd1).AsInt32();
        Vector256<int> y0 = Avx2.UnpackLow(ef0, gh0).AsInt32(), y1 = Avx2.UnpackHigh(ef0, gh0).AsInt32();
        Vector256<int> y2 = Avx2.UnpackLow(ef1, gh1).AsInt32(), y3 = Avx2.UnpackHigh(ef1, gh1).AsInt32();
        a = Avx2.Permute2x128(x0, y0, 0x20);
        b = Avx2.Permute2x128(x1, y1, 0x20);
        c = Avx2.Permute2x128(x2, y2, 0x20);
        d = Avx2.Permute2x128(x3, y3, 0x20);
        e = Avx2.Permute2x128(x0, y0, 0x31);
        f = Avx2.Permute2x128(x1, y1, 0x31);
        g = Avx2.Permute2x128(x2, y2, 0x31);
        h = Avx2.Permute2x128(x3, y3, 0x31);
    }

    /// <summary>Stores two rows, 128 added, cut to 0..255.</summary>
    private static void Store(Vector256<int> first, Vector256<int> second, byte* target, int stride)
    {
        Vector256<short> words = Avx2.AddSaturate(Avx2.PackSignedSaturate(first, second), Vector256.Create((short)128));
        // Packing works in halves: first 0..3, second 0..3 | first 4..7, second 4..7.
        Vector256<short> ordered = Avx2.Permute4x64(words.AsInt64(), 0b_11_01_10_00).AsInt16();
        Vector128<byte> bytes = Sse2.PackUnsignedSaturate(ordered.GetLower(), ordered.GetUpper());
        *(ulong*)target = bytes.AsUInt64().GetElement(0);
        *(ulong*)(target + stride) = bytes.AsUInt64().GetElement(1);
    }
}
