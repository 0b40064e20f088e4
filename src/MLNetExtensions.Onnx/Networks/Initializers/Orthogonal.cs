namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>
/// A random matrix with orthonormal rows or columns, whichever are fewer (arXiv 1312.6120), like torch.nn.init.orthogonal_. Dimensions
/// after the first count as columns.
/// </summary>
/// <param name="Gain">The factor of the matrix.</param>
public sealed record Orthogonal(double Gain = 1) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random)
    {
        int rows = shape[0],
            columns = Count(shape) / rows;
        int vectors = Math.Min(rows, columns),
            length = Math.Max(rows, columns);
        var basis = new double[vectors][];
        for (int i = 0; i < vectors; i++)
            basis[i] = Next(basis.AsSpan(0, i), length, random);

        var values = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++)
            values[row * columns + column] = (float)(Gain * (rows <= columns ? basis[row][column] : basis[column][row]));
        return values;
    }

    /// <summary>A random direction without the parts along the earlier ones (Gram-Schmidt, twice for accuracy).</summary>
    private static double[] Next(ReadOnlySpan<double[]> earlier, int length, Random random)
    {
        var vector = new double[length];
        for (int i = 0; i < length; i++)
            vector[i] = Normal(random);
        for (int pass = 0; pass < 2; pass++)
            foreach (double[] other in earlier)
            {
                double along = 0;
                for (int i = 0; i < length; i++)
                    along += vector[i] * other[i];
                for (int i = 0; i < length; i++)
                    vector[i] -= along * other[i];
            }
        double norm = Math.Sqrt(vector.Sum(v => v * v));
        return Array.ConvertAll(vector, v => v / norm);
    }
}
