using System.Numerics.Tensors;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>The directions in which rows differ most (PCA).</summary>
/// <param name="Mean">[length]: the mean of the rows.</param>
/// <param name="Components">[count, length]: directions of length 1, that of the largest variance first; the entry that is largest in size is
/// positive.</param>
/// <param name="Variances">[count]: the variance of the rows along each, of n - 1.</param>
internal sealed record PrincipalComponents(double[] Mean, double[] Components, double[] Variances)
{
    // Beyond, only the wanted directions are looked for.
    private const int MostForAll = 64,
        Beside = 10,
        Passes = 10;

    /// <summary>Finds them.</summary>
    /// <param name="values">[rows, length].</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="count">The number of directions.</param>
    public static PrincipalComponents Of(float[] values, int length, int count)
    {
        int rows = values.Length / length;
        count = Math.Min(count, length);
        double[] mean = new double[length];
        for (int row = 0; row < rows; row++)
        for (int i = 0; i < length; i++)
            mean[i] += values[(row * length) + i];
        TensorPrimitives.Divide<double>(mean, rows, mean);
        // Of long rows, directions are turned towards the rows' spread until they stay (subspace iteration, arXiv 0909.4061).
        int size = length <= MostForAll ? length : Math.Min(length, count + Beside);
        double[] basis = new double[size * length];
        if (size == length)
            for (int i = 0; i < size; i++)
                basis[(i * length) + i] = 1;
        else
        {
            var random = new Random(1);
            for (int i = 0; i < basis.Length; i++)
                basis[i] = random.NextDouble() - 0.5;
            Orthonormalize(basis, size, length);
            for (int pass = 0; pass < Passes; pass++)
            {
                basis = Spread(values, mean, length, basis, size);
                Orthonormalize(basis, size, length);
            }
        }
        double[] spread = Spread(values, mean, length, basis, size),
            small = new double[size * size];
        for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
            small[(i * size) + j] = TensorPrimitives.Dot<double>(basis.AsSpan(i * length, length), spread.AsSpan(j * length, length));
        for (int i = 0; i < size; i++)
        for (int j = 0; j < i; j++)
            small[(i * size) + j] = small[(j * size) + i] = (small[(i * size) + j] + small[(j * size) + i]) / 2;
        (double[] variances, double[] turns) = SymmetricEigen.Decompose(small, size);
        double[] components = new double[count * length];
        for (int c = 0; c < count; c++)
        {
            Span<double> component = components.AsSpan(c * length, length);
            for (int k = 0; k < size; k++)
                TensorPrimitives.MultiplyAdd(basis.AsSpan(k * length, length), turns[(c * size) + k], component, component);
            if (component[TensorPrimitives.IndexOfMaxMagnitude<double>(component)] < 0)
                TensorPrimitives.Negate(component, component);
        }
        return new PrincipalComponents(mean, components, [.. variances.Take(count).Select(v => Math.Max(0, v))]);
    }

    /// <summary>The places of rows along the directions, [rows, count].</summary>
    public float[] Project(float[] values)
    {
        int length = Mean.Length,
            count = Variances.Length,
            rows = values.Length / length;
        float[] projected = new float[rows * count];
        double[] centered = new double[length];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < length; i++)
                centered[i] = values[(row * length) + i] - Mean[i];
            for (int c = 0; c < count; c++)
                projected[(row * count) + c] = (float)TensorPrimitives.Dot<double>(centered, Components.AsSpan(c * length, length));
        }
        return projected;
    }

    /// <summary>The covariance of the rows times each vector of a basis.</summary>
    private static double[] Spread(float[] values, double[] mean, int length, double[] basis, int size)
    {
        int rows = values.Length / length;
        double[] sums = new double[basis.Length];
        // A thread has vectors of its own, and adds the rows in their order.
        Parallel.For(
            0,
            size,
            k =>
            {
                double[] centered = new double[length];
                ReadOnlySpan<double> vector = basis.AsSpan(k * length, length);
                Span<double> sum = sums.AsSpan(k * length, length);
                for (int row = 0; row < rows; row++)
                {
                    TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan(row * length, length), centered);
                    TensorPrimitives.Subtract<double>(centered, mean, centered);
                    TensorPrimitives.MultiplyAdd(centered, TensorPrimitives.Dot(centered, vector), sum, sum);
                }
                TensorPrimitives.Divide(sum, Math.Max(1, rows - 1), sum);
            }
        );
        return sums;
    }

    /// <summary>Gram and Schmidt's way, twice: what rounding leaves of the others is taken out.</summary>
    private static void Orthonormalize(double[] basis, int size, int length)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> own = basis.AsSpan(i * length, length);
            for (int round = 0; round < 2; round++)
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = basis.AsSpan(j * length, length);
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot(own, other), own, own);
            }
            double norm = TensorPrimitives.Norm<double>(own);
            if (norm > 1e-300)
                TensorPrimitives.Divide(own, norm, own);
        }
    }
}
