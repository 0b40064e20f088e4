namespace MLNetExtensions.Similarity.Maps;

/// <summary>How much rows belong together (P of t-SNE), for each row's nearest neighbors.</summary>
/// <param name="Starts">[rows + 1]: where each row's neighbors begin.</param>
/// <param name="Rows">The neighbors.</param>
/// <param name="Values">Their affinities; all add up to 1.</param>
internal sealed record TsneAffinities(int[] Starts, int[] Rows, double[] Values)
{
    private const int MaximumSteps = 100;

    private const double Tolerance = 1e-6;

    /// <summary>Finds the precision of each row's Gaussian whose entropy is the logarithm of the perplexity, and makes both directions one.</summary>
    public static TsneAffinities Of(NeighborTable neighbors, double perplexity)
    {
        int rows = neighbors.Rows.Length / neighbors.Count;
        double[] conditional = new double[neighbors.Rows.Length];
        for (int row = 0; row < rows; row++)
            Conditional(neighbors, row, perplexity, conditional.AsSpan(row * neighbors.Count, neighbors.Count));
        var joined = new SortedDictionary<int, double>[rows];
        for (int row = 0; row < rows; row++)
            joined[row] = [];
        for (int at = 0; at < conditional.Length; at++)
        {
            (int row, int other) = (at / neighbors.Count, neighbors.Rows[at]);
            double half = conditional[at] / (2 * rows);
            joined[row][other] = joined[row].GetValueOrDefault(other) + half;
            joined[other][row] = joined[other].GetValueOrDefault(row) + half;
        }
        int[] starts = new int[rows + 1];
        for (int row = 0; row < rows; row++)
            starts[row + 1] = starts[row] + joined[row].Count;
        return new TsneAffinities(starts, [.. joined.SelectMany(row => row.Keys)], [.. joined.SelectMany(row => row.Values)]);
    }

    /// <summary>The probabilities of a row's neighbors.</summary>
    /// <returns>The precision (beta).</returns>
    public static double Conditional(NeighborTable neighbors, int row, double perplexity, Span<double> probabilities)
    {
        ReadOnlySpan<float> distances = neighbors.Distances.AsSpan(row * neighbors.Count, neighbors.Count);
        double wanted = Math.Log(perplexity),
            beta = 1,
            low = 0,
            high = double.PositiveInfinity,
            nearest = (double)distances[0] * distances[0];
        for (int step = 0; step < MaximumSteps; step++)
        {
            double sum = 0,
                weighted = 0;
            for (int i = 0; i < probabilities.Length; i++)
            {
                // Beyond the nearest: nothing underflows all at once.
                double squared = ((double)distances[i] * distances[i]) - nearest;
                probabilities[i] = Math.Exp(-beta * squared);
                sum += probabilities[i];
                weighted += squared * probabilities[i];
            }
            for (int i = 0; i < probabilities.Length; i++)
                probabilities[i] /= sum;
            double difference = Math.Log(sum) + (beta * weighted / sum) - wanted;
            if (Math.Abs(difference) <= Tolerance)
                break;
            if (difference > 0)
                (low, beta) = (beta, double.IsPositiveInfinity(high) ? beta * 2 : (beta + high) / 2);
            else
                (high, beta) = (beta, (beta + low) / 2);
        }
        return beta;
    }
}
