using System.Numerics.Tensors;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Power iteration: the largest eigenvalue of a symmetric matrix without negative ones, from products with vectors alone. It comes from
/// below.
/// </summary>
internal static class PowerIteration
{
    /// <param name="size">The matrix's rows and columns.</param>
    /// <param name="iterations">The number of products.</param>
    /// <param name="multiply">Writes the product of the matrix and the first vector to the second, which holds any values before.</param>
    public static double LargestEigenvalue(int size, int iterations, Action<float[], float[]> multiply)
    {
        float[] direction = new float[size],
            next = new float[size];
        // Not at right angles to what all features have in common, nor to any one of them.
        for (int i = 0; i < size; i++)
            direction[i] = 1 + i % 7 / 7f;
        double eigenvalue = 0;
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            float norm = TensorPrimitives.Norm<float>(direction);
            if (norm == 0)
                return 0;
            TensorPrimitives.Divide(direction, norm, direction);
            multiply(direction, next);
            eigenvalue = TensorPrimitives.Norm<float>(next);
            (direction, next) = (next, direction);
        }
        return eigenvalue;
    }
}
