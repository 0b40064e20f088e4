using System.Numerics.Tensors;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>Lower triangular factors of positive definite matrices, row after row.</summary>
internal static class Cholesky
{
    /// <summary>L of L L'.</summary>
    /// <param name="matrix">[size, size], symmetric and positive definite.</param>
    /// <param name="size">The number of rows.</param>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    public static double[] Factor(double[] matrix, int size)
    {
        double[] lower = new double[size * size];
        for (int i = 0; i < size; i++)
        for (int j = 0; j <= i; j++)
        {
            double rest = matrix[(i * size) + j] - TensorPrimitives.Dot<double>(lower.AsSpan(i * size, j), lower.AsSpan(j * size, j));
            if (i != j)
                lower[(i * size) + j] = rest / lower[(j * size) + j];
            else if (rest > 0)
                lower[(i * size) + i] = Math.Sqrt(rest);
            else
                throw new ArgumentException($"The matrix is not positive definite at row {i}: a pivot is {rest}.", nameof(matrix));
        }
        return lower;
    }

    /// <summary>The inverse of a lower triangular matrix, which is one too.</summary>
    public static double[] InverseOfLower(double[] lower, int size)
    {
        double[] inverse = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            Span<double> row = inverse.AsSpan(i * size, size);
            for (int k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * size, k + 1), -lower[(i * size) + k], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1;
            TensorPrimitives.Divide(row[..(i + 1)], lower[(i * size) + i], row[..(i + 1)]);
        }
        return inverse;
    }
}
