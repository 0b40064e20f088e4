using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Augmentations.Engine;

/// <summary>Weighted sums of rows of bytes: the inner loop of separable resampling, in both directions (columns are transposed to rows).</summary>
internal static unsafe class WeightedRows
{
    private const float Half = AxisWeights.One / 2f, Down = 1f / AxisWeights.One;

    /// <summary>target[i] = the rounded sum over k of weights[k] * rows[k * stride + i].</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">The distance from row to row.</param>
    /// <param name="weights">Whole numbers, see <see cref="AxisWeights"/>.</param>
    /// <param name="target">Receives the sums.</param>
    /// <param name="length">The number of sums.</param>
    public static void Sum(byte* rows, int stride, ReadOnlySpan<float> weights, byte* target, int length)
    {
        if (Avx512F.IsSupported && length >= 64)
        {
            for (int i = 0; i < length; i += 64)
            {
                // The last step overlaps the one before it.
                int at = Math.Min(i, length - 64);
                Sum64(rows + at, stride, weights, target + at);
            }
            return;
        }
        if (Avx2.IsSupported && length >= 16)
        {
            for (int i = 0; i < length; i += 16)
            {
                int at = Math.Min(i, length - 16);
                Sum16(rows + at, stride, weights, target + at);
            }
            return;
        }
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
            for (; done <= length - 8; done += 8)
                Sum8(rows + done, stride, weights, target + done);
        for (; done < length; done++)
        {
            float sum = Half;
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * rows[(k * stride) + done];
            target[done] = (byte)Math.Clamp(sum * Down, 0, 255);
        }
    }

    private static void Sum64(byte* rows, int stride, ReadOnlySpan<float> weights, byte* target)
    {
        Vector512<float> a = Vector512.Create(Half), b = a, c = a, d = a;
        foreach (float each in weights)
        {
            Vector512<float> weight = Vector512.Create(each);
            a += weight * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(rows)));
            b += weight * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(rows + 16)));
            c += weight * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(rows + 32)));
            d += weight * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(rows + 48)));
            rows += stride;
        }
        Store(a, target);
        Store(b, target + 16);
        Store(c, target + 32);
        Store(d, target + 48);

        static void Store(Vector512<float> sums, byte* target)
        {
            Vector512<float> levels = Vector512.Min(Vector512.Max(sums * Down, Vector512<float>.Zero), Vector512.Create(255f));
            Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32(levels)).Store(target);
        }
    }

    private static void Sum16(byte* rows, int stride, ReadOnlySpan<float> weights, byte* target)
    {
        Vector256<float> a = Vector256.Create(Half), b = a;
        foreach (float each in weights)
        {
            Vector256<float> weight = Vector256.Create(each);
            a += weight * Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(rows));
            b += weight * Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(rows + 8));
            rows += stride;
        }
        Vector256<int> low = Levels(a), high = Levels(b);
        Vector128.Narrow(Vector128.Narrow(low.GetLower(), low.GetUpper()), Vector128.Narrow(high.GetLower(), high.GetUpper())).AsByte().Store(target);

        static Vector256<int> Levels(Vector256<float> sums) =>
            Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(sums * Down, Vector256<float>.Zero), Vector256.Create(255f)));
    }

    private static void Sum8(byte* rows, int stride, ReadOnlySpan<float> weights, byte* target)
    {
        Vector128<float> a = Vector128.Create(Half), b = a;
        foreach (float each in weights)
        {
            Vector128<ushort> eight = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)rows).AsByte());
            (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(eight);
            a += each * Vector128.ConvertToSingle(low.AsInt32());
            b += each * Vector128.ConvertToSingle(high.AsInt32());
            rows += stride;
        }
        Vector128<short> levels = Vector128.Narrow(Levels(a), Levels(b));
        *(ulong*)target = Vector128.Narrow(levels, levels).AsUInt64().ToScalar();

        static Vector128<int> Levels(Vector128<float> sums) =>
            Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(sums * Down, Vector128<float>.Zero), Vector128.Create(255f)));
    }
}
