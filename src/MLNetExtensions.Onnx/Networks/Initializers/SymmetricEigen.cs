namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.</summary>
internal static class SymmetricEigen
{
    private const int MaximumSweeps = 60;

    /// <summary>Solves; column i of the directions belongs to value i. The matrix is overwritten.</summary>
    public static (double[] Values, double[,] Directions) Solve(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        var directions = new double[size, size];
        double scale = 0;
        for (int i = 0; i < size; i++)
        {
            directions[i, i] = 1;
            scale = Math.Max(scale, Math.Abs(matrix[i, i]));
        }
        bool rotated = true;
        for (int sweep = 0; sweep < MaximumSweeps && rotated; sweep++)
        {
            rotated = false;
            for (int p = 0; p < size; p++)
            for (int q = p + 1; q < size; q++)
            {
                if (Math.Abs(matrix[p, q]) <= 1e-15 * scale)
                    continue;
                Rotate(matrix, directions, p, q);
                rotated = true;
            }
        }
        return ([.. Enumerable.Range(0, size).Select(i => matrix[i, i])], directions);
    }

    /// <summary>Turns the plane of two axes so that the element between them vanishes.</summary>
    private static void Rotate(double[,] matrix, double[,] directions, int p, int q)
    {
        double ratio = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        double tangent = (ratio >= 0 ? 1 : -1) / (Math.Abs(ratio) + Math.Sqrt(ratio * ratio + 1));
        double cosine = 1 / Math.Sqrt(tangent * tangent + 1),
            sine = tangent * cosine;
        for (int k = 0; k < matrix.GetLength(0); k++)
            (matrix[k, p], matrix[k, q]) = (cosine * matrix[k, p] - sine * matrix[k, q], sine * matrix[k, p] + cosine * matrix[k, q]);
        for (int k = 0; k < matrix.GetLength(0); k++)
            (matrix[p, k], matrix[q, k]) = (cosine * matrix[p, k] - sine * matrix[q, k], sine * matrix[p, k] + cosine * matrix[q, k]);
        for (int k = 0; k < matrix.GetLength(0); k++)
            (directions[k, p], directions[k, q]) = (
                cosine * directions[k, p] - sine * directions[k, q],
                sine * directions[k, p] + cosine * directions[k, q]
            );
    }
}
