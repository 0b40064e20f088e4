namespace MLNetExtensions.Similarity.Maps;

/// <summary>How much rows belong together (the fuzzy union of UMAP), for each row's nearest neighbors.</summary>
/// <param name="From">The one end of each edge.</param>
/// <param name="To">The other end. Each edge is there in both directions.</param>
/// <param name="Weights">How much they belong together, 0 to 1.</param>
internal sealed record UmapGraph(int[] From, int[] To, double[] Weights)
{
    private const int Steps = 64;

    private const double Tolerance = 1e-5,
        LeastScale = 1e-3;

    public static UmapGraph Of(NeighborTable neighbors)
    {
        int count = neighbors.Count,
            rows = neighbors.Rows.Length / count;
        double mean = neighbors.Distances.Average(distance => (double)distance);
        var memberships = new SortedDictionary<(int From, int To), (double Forth, double Back)>();
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> distances = neighbors.Distances.AsSpan(row * count, count);
            (double rho, double sigma) = Scale(distances, mean);
            for (int i = 0; i < count; i++)
            {
                int other = neighbors.Rows[(row * count) + i];
                double membership = distances[i] <= rho || sigma == 0 ? 1 : Math.Exp(-(distances[i] - rho) / sigma);
                (int, int) pair = row < other ? (row, other) : (other, row);
                (double forth, double back) = memberships.GetValueOrDefault(pair);
                memberships[pair] = row < other ? (Math.Max(forth, membership), back) : (forth, Math.Max(back, membership));
            }
        }
        int[] from = new int[2 * memberships.Count],
            to = new int[from.Length];
        double[] weights = new double[from.Length];
        int at = 0;
        foreach (((int first, int second), (double forth, double back)) in memberships)
        {
            double union = forth + back - (forth * back);
            (from[at], to[at], weights[at++]) = (first, second, union);
            (from[at], to[at], weights[at++]) = (second, first, union);
        }
        return new UmapGraph(from, to, weights);
    }

    /// <summary>The distance of the nearest neighbor that is not at the same place, and the scale beyond it.</summary>
    /// <param name="distances">The distances of the other rows; the row itself counts as one more neighbor.</param>
    /// <param name="mean">The mean of all rows' distances.</param>
    public static (double Rho, double Sigma) Scale(ReadOnlySpan<float> distances, double mean)
    {
        double rho = 0,
            own = 0;
        foreach (float distance in distances)
        {
            if (rho == 0 && distance > 0)
                rho = distance;
            own += distance;
        }
        own /= distances.Length + 1;
        double wanted = Math.Log2(distances.Length + 1),
            low = 0,
            high = double.PositiveInfinity,
            sigma = 1;
        for (int step = 0; step < Steps; step++)
        {
            double sum = 0;
            foreach (float distance in distances)
                sum += distance > rho ? Math.Exp(-(distance - rho) / sigma) : 1;
            if (Math.Abs(sum - wanted) < Tolerance)
                break;
            if (sum > wanted)
                (high, sigma) = (sigma, (low + sigma) / 2);
            else
                (low, sigma) = (sigma, double.IsPositiveInfinity(high) ? sigma * 2 : (sigma + high) / 2);
        }
        return (rho, Math.Max(sigma, LeastScale * (rho > 0 ? own : mean)));
    }
}
