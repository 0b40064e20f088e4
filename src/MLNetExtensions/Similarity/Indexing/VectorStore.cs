using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>
/// Vectors of one length in memory, and how far others are from them. What is compared is cheaper than the distance and in the same order:
/// 1 - the product of vectors of length 1, or the squared distance.
/// </summary>
internal sealed class VectorStore
{
    private readonly float[] _values;

    /// <param name="values">[count, dimension]; taken over. For cosine they are of length 1 already (<see cref="Normalize"/>).</param>
    /// <param name="dimension">The length of a vector.</param>
    /// <param name="metric">The metric.</param>
    public VectorStore(float[] values, int dimension, IndexMetric metric)
    {
        (_values, Dimension, Metric) = (values, dimension, metric);
        Count = values.Length / dimension;
    }

    public int Count { get; }

    public int Dimension { get; }

    public IndexMetric Metric { get; }

    public float[] Values => _values;

    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Dimension, Dimension);

    /// <summary>How far a vector is from a query, as it is compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Compare(ref float query, int row)
    {
        ref float own = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), (nint)row * Dimension);
        return Metric == IndexMetric.Cosine ? 1 - Dot(ref query, ref own, Dimension) : Squared(ref query, ref own, Dimension);
    }

    /// <summary>How far two vectors are apart, as it is compared.</summary>
    public float Compare(int row, int other) =>
        Compare(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), (nint)row * Dimension), other);

    /// <summary>The distance of what was compared.</summary>
    public float ToDistance(float compared) => Metric == IndexMetric.Cosine ? compared : MathF.Sqrt(MathF.Max(0, compared));

    /// <summary>Makes the lengths of vectors 1; vectors of zeros stay.</summary>
    public static void Normalize(Span<float> values, int dimension)
    {
        for (int at = 0; at < values.Length; at += dimension)
        {
            Span<float> vector = values.Slice(at, dimension);
            float length = TensorPrimitives.Norm<float>(vector);
            if (length > 0)
                TensorPrimitives.Divide(vector, length, vector);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ref float a, ref float b, int length)
    {
        int width = Vector<float>.Count,
            i = 0;
        Vector<float> s0 = Vector<float>.Zero,
            s1 = s0,
            s2 = s0,
            s3 = s0;
        // Four sums side by side: one would wait for itself.
        for (; i <= length - (4 * width); i += 4 * width)
        {
            s0 += Load(ref a, i) * Load(ref b, i);
            s1 += Load(ref a, i + width) * Load(ref b, i + width);
            s2 += Load(ref a, i + (2 * width)) * Load(ref b, i + (2 * width));
            s3 += Load(ref a, i + (3 * width)) * Load(ref b, i + (3 * width));
        }
        for (; i <= length - width; i += width)
            s0 += Load(ref a, i) * Load(ref b, i);
        float sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += Unsafe.Add(ref a, i) * Unsafe.Add(ref b, i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Squared(ref float a, ref float b, int length)
    {
        int width = Vector<float>.Count,
            i = 0;
        Vector<float> s0 = Vector<float>.Zero,
            s1 = s0,
            s2 = s0,
            s3 = s0;
        for (; i <= length - (4 * width); i += 4 * width)
        {
            Vector<float> d0 = Load(ref a, i) - Load(ref b, i),
                d1 = Load(ref a, i + width) - Load(ref b, i + width),
                d2 = Load(ref a, i + (2 * width)) - Load(ref b, i + (2 * width)),
                d3 = Load(ref a, i + (3 * width)) - Load(ref b, i + (3 * width));
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i <= length - width; i += width)
        {
            Vector<float> d = Load(ref a, i) - Load(ref b, i);
            s0 += d * d;
        }
        float sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
        {
            float d = Unsafe.Add(ref a, i) - Unsafe.Add(ref b, i);
            sum += d * d;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float first, int at) => Vector.LoadUnsafe(ref first, (nuint)at);
}
