namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>Solves systems of equations of a symmetric positive matrix.</summary>
internal static class SymmetricSystem
{
    /// <summary>Solves by Cholesky's method. Directions that the matrix says nothing of get zero.</summary>
    /// <param name="matrix">[n, n]; it is overwritten.</param>
    /// <param name="right">The right side.</param>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        double largest = 0;
        for (int i = 0; i < n; i++)
            largest = Math.Max(largest, matrix[i, i]);
        for (int j = 0; j < n; j++)
        {
            double pivot = matrix[j, j];
            for (int k = 0; k < j; k++)
                pivot -= matrix[j, k] * matrix[j, k];
            bool isFree = pivot <= 1e-13 * largest;
            matrix[j, j] = isFree ? 0 : Math.Sqrt(pivot);
            for (int i = j + 1; i < n; i++)
            {
                double value = matrix[i, j];
                for (int k = 0; k < j; k++)
                    value -= matrix[i, k] * matrix[j, k];
                matrix[i, j] = isFree ? 0 : value / matrix[j, j];
            }
        }
        var solution = (double[])right.Clone();
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
                solution[i] -= matrix[i, k] * solution[k];
            solution[i] = matrix[i, i] == 0 ? 0 : solution[i] / matrix[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                solution[i] -= matrix[k, i] * solution[k];
            solution[i] = matrix[i, i] == 0 ? 0 : solution[i] / matrix[i, i];
        }
        return solution;
    }
}
