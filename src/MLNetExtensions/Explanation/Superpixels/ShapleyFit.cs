namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>
/// Kernel SHAP (arXiv 1705.07874): Shapley values as a weighted regression on coalitions, which sum to the score of all players minus the
/// score of none. Of all coalitions they are exact.
/// </summary>
internal static class ShapleyFit
{
    /// <summary>Shapley's kernel: the weight of one coalition of a size.</summary>
    public static double Weight(int players, int size) => (players - 1) / (Choose(players, size) * size * (players - size));

    /// <summary>The number of subsets of a size.</summary>
    public static double Choose(int players, int size)
    {
        double count = 1;
        for (int i = 1; i <= size; i++)
            count *= (players - size + i) / (double)i;
        return count;
    }

    /// <summary>Fits the values.</summary>
    /// <param name="coalitions">For each coalition, its players: neither none nor all.</param>
    /// <param name="weights">The weight of each.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="none">The score without players.</param>
    /// <param name="all">The score with all.</param>
    public static double[] Of(
        IReadOnlyList<bool[]> coalitions,
        IReadOnlyList<double> weights,
        IReadOnlyList<double> scores,
        double none,
        double all
    )
    {
        double total = all - none;
        if (coalitions.Count == 0)
            return [total];
        // The last player's value is what the others leave, which takes the sum's constraint out of the regression.
        int free = coalitions[0].Length - 1;
        var matrix = new double[free, free];
        var right = new double[free];
        var row = new double[free];
        for (int i = 0; i < coalitions.Count; i++)
        {
            double last = coalitions[i][free] ? 1 : 0,
                score = scores[i] - none - (last * total);
            for (int player = 0; player < free; player++)
                row[player] = (coalitions[i][player] ? 1 : 0) - last;
            for (int a = 0; a < free; a++)
            {
                if (row[a] == 0)
                    continue;
                double weighted = weights[i] * row[a];
                right[a] += weighted * score;
                for (int b = 0; b < free; b++)
                    matrix[a, b] += weighted * row[b];
            }
        }
        double[] values = SymmetricSystem.Solve(matrix, right);
        return [.. values, total - values.Sum()];
    }
}
