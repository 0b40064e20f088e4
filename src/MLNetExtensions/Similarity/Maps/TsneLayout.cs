namespace MLNetExtensions.Similarity.Maps;

/// <summary>Moves points until near ones are near on the map (t-SNE, with scikit-learn's settings).</summary>
internal static class TsneLayout
{
    private const int ExaggeratedIterations = 250;

    private const double Exaggeration = 12,
        FirstSpread = 1e-4,
        LeastGain = 0.01;

    /// <param name="affinities">What belongs together.</param>
    /// <param name="start">[rows, 2]: the first places; scaled to a small spread.</param>
    /// <param name="iterations">The number of steps.</param>
    /// <param name="angle">The angle of <see cref="QuadTree.Repulsion"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>[rows, 2].</returns>
    public static double[] Run(TsneAffinities affinities, float[] start, int iterations, double angle, CancellationToken cancellation)
    {
        int rows = start.Length / 2;
        double mean = 0,
            squares = 0;
        for (int i = 0; i < start.Length; i += 2)
            (mean, squares) = (mean + start[i], squares + ((double)start[i] * start[i]));
        double spread = Math.Sqrt(Math.Max(1e-30, (squares / rows) - (mean / rows * mean / rows)));
        double[] points = [.. start.Select(value => value / spread * FirstSpread)],
            steps = new double[points.Length],
            gains = [.. Enumerable.Repeat(1.0, points.Length)],
            gradient = new double[points.Length];
        double rate = Math.Max(rows / Exaggeration / 4, 50);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isExaggerated = iteration < ExaggeratedIterations;
            Gradient(affinities, points, isExaggerated ? Exaggeration : 1, angle, gradient);
            double momentum = isExaggerated ? 0.5 : 0.8;
            for (int i = 0; i < points.Length; i++)
            {
                gains[i] = Math.Max(LeastGain, steps[i] * gradient[i] < 0 ? gains[i] + 0.2 : gains[i] * 0.8);
                steps[i] = (momentum * steps[i]) - (rate * gains[i] * gradient[i]);
                points[i] += steps[i];
            }
        }
        return points;
    }

    /// <summary>The gradient of the divergence of the map from the affinities.</summary>
    /// <param name="affinities">What belongs together.</param>
    /// <param name="points">[rows, 2].</param>
    /// <param name="exaggeration">A factor of the affinities.</param>
    /// <param name="angle">The angle of <see cref="QuadTree.Repulsion"/>; 0 for the exact gradient.</param>
    /// <param name="gradient">Receives [rows, 2].</param>
    /// <returns>The sum of 1 / (1 + d²) over all pairs.</returns>
    public static double Gradient(TsneAffinities affinities, double[] points, double exaggeration, double angle, double[] gradient)
    {
        int rows = points.Length / 2;
        var tree = new QuadTree(points);
        double[] sums = new double[rows],
            repulsion = new double[points.Length];
        Parallel.For(
            0,
            rows,
            () => new Stack<int>(),
            (row, _, stack) =>
            {
                (repulsion[2 * row], repulsion[(2 * row) + 1], sums[row]) = tree.Repulsion(row, angle, stack);
                double x = 0,
                    y = 0;
                for (int at = affinities.Starts[row]; at < affinities.Starts[row + 1]; at++)
                {
                    int other = affinities.Rows[at];
                    double dx = points[2 * row] - points[2 * other],
                        dy = points[(2 * row) + 1] - points[(2 * other) + 1],
                        force = exaggeration * affinities.Values[at] / (1 + (dx * dx) + (dy * dy));
                    (x, y) = (x + (force * dx), y + (force * dy));
                }
                (gradient[2 * row], gradient[(2 * row) + 1]) = (x, y);
                return stack;
            },
            _ => { }
        );
        // In the rows' order, whatever the threads did.
        double total = Math.Max(1e-300, sums.Sum());
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = 4 * (gradient[i] - (repulsion[i] / total));
        return total;
    }
}
