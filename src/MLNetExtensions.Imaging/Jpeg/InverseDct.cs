using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>
/// The inverse cosine transform of a block, bit for bit libjpeg's accurate integer one (jidctint.c, after Loeffler, Ligtenberg and
/// Moschytz, 1989), eight columns at a time. Every rotation is two products and their sum, which is one instruction on pairs of 16-bit
/// numbers. Needs AVX2.
/// </summary>
internal static unsafe class InverseDct
{
    private const int ConstantBits = 13,
        FirstBits = 2;

    /// <summary>Transforms a block and clears it.</summary>
    /// <param name="coefficients">64, row by row; zeros afterward.</param>
    /// <param name="last">The last position in zigzag order that is not zero.</param>
    /// <param name="target">The first pixel.</param>
    /// <param name="stride">The distance from row to row.</param>
    public static void Run(short* coefficients, int last, byte* target, int stride)
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
        Transform(coefficients, target, stride, isChecked: false);
    }

    /// <summary>
    /// Transforms a block and clears it, if no number leaves the range in which libjpeg's arithmetic is that of whole numbers. Pixels that are
    /// far darker than black, or brighter than white, come out of libjpeg as others.
    /// </summary>
    /// <param name="coefficients">64 of 14 bits, row by row; zeros afterward.</param>
    /// <param name="target">The first pixel.</param>
    /// <param name="stride">The distance from row to row.</param>
    /// <returns>False if a number does.</returns>
    public static bool TryRun(short* coefficients, byte* target, int stride) => Transform(coefficients, target, stride, isChecked: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Transform(short* coefficients, byte* target, int stride, bool isChecked)
    {
        Vector128<short> a = Vector128.Load(coefficients),
            b = Vector128.Load(coefficients + 8),
            c = Vector128.Load(coefficients + 16),
            d = Vector128.Load(coefficients + 24);
        Vector128<short> e = Vector128.Load(coefficients + 32),
            f = Vector128.Load(coefficients + 40),
            g = Vector128.Load(coefficients + 48),
            h = Vector128.Load(coefficients + 56);
        for (int i = 0; i < 64; i += 16)
            Vector256<short>.Zero.Store(coefficients + i);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, 1 << (ConstantBits - FirstBits - 1), ConstantBits - FirstBits);
        // Sums of two must fit into 16 bits.
        if (isChecked && !AreWithin(16384, a, b, c, d, e, f, g, h))
            return false;
        for (int i = 0; i < 3; i++)
            Shuffle(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        // With 128 added, which levels are shifted by.
        Pass(
            ref a,
            ref b,
            ref c,
            ref d,
            ref e,
            ref f,
            ref g,
            ref h,
            (1 << (ConstantBits + FirstBits + 2)) + (128 << (ConstantBits + FirstBits + 3)),
            ConstantBits + FirstBits + 3
        );
        if (isChecked)
        {
            // libjpeg looks a pixel up by its lowest ten bits.
            Vector128<short> middle = Vector128.Create((short)128);
            if (!AreWithin(512, a - middle, b - middle, c - middle, d - middle, e - middle, f - middle, g - middle, h - middle))
                return false;
        }
        Vector128<byte> w = Sse2.PackUnsignedSaturate(a, b),
            x = Sse2.PackUnsignedSaturate(c, d),
            y1 = Sse2.PackUnsignedSaturate(e, f),
            z = Sse2.PackUnsignedSaturate(g, h);
        for (int i = 0; i < 3; i++)
            (w, x, y1, z) = (Sse2.UnpackLow(w, y1), Sse2.UnpackHigh(w, y1), Sse2.UnpackLow(x, z), Sse2.UnpackHigh(x, z));
        Store(w, target, stride);
        Store(x, target + (2 * stride), stride);
        Store(y1, target + (4 * stride), stride);
        Store(z, target + (6 * stride), stride);
        return true;
    }

    /// <summary>True if all magnitudes are below a limit, which is a power of two.</summary>
    private static bool AreWithin(
        int limit,
        Vector128<short> a,
        Vector128<short> b,
        Vector128<short> c,
        Vector128<short> d,
        Vector128<short> e,
        Vector128<short> f,
        Vector128<short> g,
        Vector128<short> h
    )
    {
        Vector128<ushort> all = Ssse3.Abs(a) | Ssse3.Abs(b) | Ssse3.Abs(c) | Ssse3.Abs(d);
        all |= Ssse3.Abs(e) | Ssse3.Abs(f) | Ssse3.Abs(g) | Ssse3.Abs(h);
        return (all & Vector128.Create((ushort)-limit)) == Vector128<ushort>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector128<short> a,
        ref Vector128<short> b,
        ref Vector128<short> c,
        ref Vector128<short> d,
        ref Vector128<short> e,
        ref Vector128<short> f,
        ref Vector128<short> g,
        ref Vector128<short> h,
        int half,
        int shift
    )
    {
        Vector256<short> ae = Pair(a, e),
            cg = Pair(c, g),
            hb = Pair(h, b),
            fd = Pair(f, d),
            sums = Pair(h + d, f + b);
        Vector256<int> rounding = Vector256.Create(half);
        Vector256<int> even0 = Rotate(ae, 1 << ConstantBits, 1 << ConstantBits) + rounding,
            even1 = Rotate(ae, 1 << ConstantBits, -(1 << ConstantBits)) + rounding;
        Vector256<int> even2 = Rotate(cg, 4433, 4433 - 15137),
            even3 = Rotate(cg, 4433 + 6270, 4433);
        Vector256<int> t10 = even0 + even3,
            t13 = even0 - even3,
            t11 = even1 + even2,
            t12 = even1 - even2;

        Vector256<int> z3 = Rotate(sums, 9633 - 16069, 9633),
            z4 = Rotate(sums, 9633, 9633 - 3196);
        Vector256<int> odd0 = Rotate(hb, 2446 - 7373, -7373) + z3,
            odd3 = Rotate(hb, -7373, 12299 - 7373) + z4;
        Vector256<int> odd1 = Rotate(fd, 16819 - 20995, -20995) + z4,
            odd2 = Rotate(fd, -20995, 25172 - 20995) + z3;

        a = Narrow((t10 + odd3) >> shift);
        h = Narrow((t10 - odd3) >> shift);
        b = Narrow((t11 + odd2) >> shift);
        g = Narrow((t11 - odd2) >> shift);
        c = Narrow((t12 + odd1) >> shift);
        f = Narrow((t12 - odd1) >> shift);
        d = Narrow((t13 + odd0) >> shift);
        e = Narrow((t13 - odd0) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pair(Vector128<short> first, Vector128<short> second) =>
        Vector256.Create(Sse2.UnpackLow(first, second), Sse2.UnpackHigh(first, second));

    /// <summary>The first of each pair times one factor, plus the second times another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rotate(Vector256<short> pairs, short first, short second) =>
        Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((second << 16) | (ushort)first).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Narrow(Vector256<int> values) => Sse2.PackSignedSaturate(values.GetLower(), values.GetUpper());

    /// <summary>Interleaves the first half of the 64 numbers with the second; three times that is a transposition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shuffle(
        ref Vector128<short> a,
        ref Vector128<short> b,
        ref Vector128<short> c,
        ref Vector128<short> d,
        ref Vector128<short> e,
        ref Vector128<short> f,
        ref Vector128<short> g,
        ref Vector128<short> h
    ) =>
        (a, b, c, d, e, f, g, h) = (
            Sse2.UnpackLow(a, e),
            Sse2.UnpackHigh(a, e),
            Sse2.UnpackLow(b, f),
            Sse2.UnpackHigh(b, f),
            Sse2.UnpackLow(c, g),
            Sse2.UnpackHigh(c, g),
            Sse2.UnpackLow(d, h),
            Sse2.UnpackHigh(d, h)
        );

    /// <summary>Stores two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> rows, byte* target, int stride)
    {
        *(ulong*)target = rows.AsUInt64().GetElement(0);
        *(ulong*)(target + stride) = rows.AsUInt64().GetElement(1);
    }
}
