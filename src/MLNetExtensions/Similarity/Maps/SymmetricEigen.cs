namespace MLNetExtensions.Similarity.Maps;

/// <summary>Eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations.</summary>
internal static class SymmetricEigen
{
    private const int MaximumSweeps = 60;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">[size, size], symmetric; it is changed.</param>
    /// <param name="size">The number of rows.</param>
    /// <returns>The eigenvalues, the largest first, and the eigenvectors as rows [size, size].</returns>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        double[] vectors = new double[size * size];
        for (int i = 0; i < size; i++)
            vectors[(i * size) + i] = 1;
        double scale = Math.Max(1e-300, matrix.Max(Math.Abs));
        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            double rest = 0;
            for (int p = 0; p < size; p++)
            for (int q = p + 1; q < size; q++)
                rest += Math.Abs(matrix[(p * size) + q]);
            if (rest <= 1e-15 * scale * size)
                break;
            for (int p = 0; p < size; p++)
            for (int q = p + 1; q < size; q++)
                Rotate(matrix, vectors, size, p, q);
        }
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => matrix[(i * size) + i])];
        return ([.. order.Select(i => matrix[(i * size) + i])], [.. order.SelectMany(i => vectors[(i * size)..((i + 1) * size)])]);
    }

    private static void Rotate(double[] matrix, double[] vectors, int size, int p, int q)
    {
        double apart = matrix[(p * size) + q];
        if (apart == 0)
            return;
        double theta = (matrix[(q * size) + q] - matrix[(p * size) + p]) / (2 * apart),
            tangent = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)),
            cosine = 1 / Math.Sqrt((tangent * tangent) + 1),
            sine = tangent * cosine;
        for (int k = 0; k < size; k++)
        {
            double kp = matrix[(k * size) + p],
                kq = matrix[(k * size) + q];
            matrix[(k * size) + p] = (cosine * kp) - (sine * kq);
            matrix[(k * size) + q] = (sine * kp) + (cosine * kq);
        }
        for (int k = 0; k < size; k++)
        {
            double pk = matrix[(p * size) + k],
                qk = matrix[(q * size) + k];
            matrix[(p * size) + k] = (cosine * pk) - (sine * qk);
            matrix[(q * size) + k] = (sine * pk) + (cosine * qk);
            double vp = vectors[(p * size) + k],
                vq = vectors[(q * size) + k];
            vectors[(p * size) + k] = (cosine * vp) - (sine * vq);
            vectors[(q * size) + k] = (sine * vp) + (cosine * vq);
        }
    }
}
