using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// Weighted sums of rows of bytes: the inner loop of separable resampling, in both directions (columns are transposed to rows).
/// </summary>
internal static unsafe class WeightedRows
{
    private const int Shift = 14,
        Half = AxisWeights.One / 2;

    /// <summary>target[i] = the rounded sum over k of weights[k] * rows[k * stride + i].</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">The distance from row to row.</param>
    /// <param name="weights">Whole numbers, see <see cref="AxisWeights"/>.</param>
    /// <param name="target">Receives the sums.</param>
    /// <param name="length">The number of sums.</param>
    public static void Sum(byte* rows, int stride, ReadOnlySpan<short> weights, byte* target, int length)
    {
        if (Avx512BW.IsSupported && length >= Vector512<byte>.Count)
        {
            for (int i = 0; i < length; i += Vector512<byte>.Count)
            {
                // The last step overlaps the one before it.
                int at = Math.Min(i, length - Vector512<byte>.Count);
                Sum64(rows + at, stride, weights, target + at);
            }
            return;
        }
        if (Avx2.IsSupported && length >= Vector256<byte>.Count)
        {
            for (int i = 0; i < length; i += Vector256<byte>.Count)
            {
                int at = Math.Min(i, length - Vector256<byte>.Count);
                Sum32(rows + at, stride, weights, target + at);
            }
            return;
        }
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
            for (; done <= length - 8; done += 8)
                Sum8(rows + done, stride, weights, target + done);
        for (; done < length; done++)
        {
            int sum = Half;
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * rows[(k * stride) + done];
            target[done] = (byte)Math.Clamp(sum >> Shift, 0, 255);
        }
    }

    // Two rows at a time: their bytes interleaved, widened, multiplied by a pair of weights and added. Unpacking and packing work in lanes
    // of 16 bytes, so one undoes the order of the other.
    private static void Sum64(byte* rows, int stride, ReadOnlySpan<short> weights, byte* target)
    {
        Vector512<int> a = Vector512.Create(Half),
            b = a,
            c = a,
            d = a;
        for (int k = 0; k < weights.Length; k += 2)
        {
            Vector512<byte> first = Vector512.Load(rows),
                second = k + 1 < weights.Length ? Vector512.Load(rows + stride) : Vector512<byte>.Zero;
            Vector512<short> pair = Vector512.Create(Pair(weights, k)).AsInt16();
            Vector512<byte> low = Avx512BW.UnpackLow(first, second),
                high = Avx512BW.UnpackHigh(first, second);
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(low, Vector512<byte>.Zero).AsInt16(), pair);
            b += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(low, Vector512<byte>.Zero).AsInt16(), pair);
            c += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(high, Vector512<byte>.Zero).AsInt16(), pair);
            d += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(high, Vector512<byte>.Zero).AsInt16(), pair);
            rows += 2 * stride;
        }
        Avx512BW
            .PackUnsignedSaturate(Avx512BW.PackSignedSaturate(a >> Shift, b >> Shift), Avx512BW.PackSignedSaturate(c >> Shift, d >> Shift))
            .Store(target);
    }

    private static void Sum32(byte* rows, int stride, ReadOnlySpan<short> weights, byte* target)
    {
        Vector256<int> a = Vector256.Create(Half),
            b = a,
            c = a,
            d = a;
        for (int k = 0; k < weights.Length; k += 2)
        {
            Vector256<byte> first = Vector256.Load(rows),
                second = k + 1 < weights.Length ? Vector256.Load(rows + stride) : Vector256<byte>.Zero;
            Vector256<short> pair = Vector256.Create(Pair(weights, k)).AsInt16();
            Vector256<byte> low = Avx2.UnpackLow(first, second),
                high = Avx2.UnpackHigh(first, second);
            a += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(low, Vector256<byte>.Zero).AsInt16(), pair);
            b += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(low, Vector256<byte>.Zero).AsInt16(), pair);
            c += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(high, Vector256<byte>.Zero).AsInt16(), pair);
            d += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(high, Vector256<byte>.Zero).AsInt16(), pair);
            rows += 2 * stride;
        }
        Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(a >> Shift, b >> Shift), Avx2.PackSignedSaturate(c >> Shift, d >> Shift))
            .Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(ReadOnlySpan<short> weights, int k) => (ushort)weights[k] | (k + 1 < weights.Length ? weights[k + 1] << 16 : 0);

    private static void Sum8(byte* rows, int stride, ReadOnlySpan<short> weights, byte* target)
    {
        Vector128<int> a = Vector128.Create(Half),
            b = a;
        foreach (short weight in weights)
        {
            Vector128<ushort> eight = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)rows).AsByte());
            (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(eight);
            a += low.AsInt32() * weight;
            b += high.AsInt32() * weight;
            rows += stride;
        }
        Vector128<short> levels = Vector128.Narrow(Levels(a), Levels(b));
        *(ulong*)target = Vector128.Narrow(levels, levels).AsUInt64().ToScalar();

        static Vector128<int> Levels(Vector128<int> sums) =>
            Vector128.Min(Vector128.Max(sums >> Shift, Vector128<int>.Zero), Vector128.Create(255));
    }
}
