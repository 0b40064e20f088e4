namespace MLNetExtensions.Similarity.Maps;

/// <summary>
/// Moves points until those that belong together are near (UMAP, <see href="https://arxiv.org/abs/1802.03426">arXiv 1802.03426</see>): edges
/// pull, drawn points push. On one thread: the same map each time.
/// </summary>
internal static class UmapLayout
{
    private const int NegativeSamples = 5;

    private const double FirstSpread = 10,
        Limit = 4,
        Least = 1e-3;

    /// <param name="graph">What belongs together.</param>
    /// <param name="start">[rows, 2]: the first places; scaled.</param>
    /// <param name="curve">How near points count as.</param>
    /// <param name="epochs">The number of passes over the edges.</param>
    /// <param name="seed">Draws.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>[rows, 2].</returns>
    public static double[] Run(UmapGraph graph, float[] start, UmapCurve curve, int epochs, int seed, CancellationToken cancellation)
    {
        int rows = start.Length / 2;
        var random = new Random(seed);
        double largest = Math.Max(1e-30, start.Max(MathF.Abs));
        // Rows that are the same begin a little apart, or nothing would part them.
        double[] points = [.. start.Select(value => (value / largest * FirstSpread) + (1e-4 * (random.NextDouble() - 0.5)))];
        double heaviest = graph.Weights.Max();
        double[] every = [.. graph.Weights.Select(weight => weight >= heaviest / epochs ? heaviest / weight : double.PositiveInfinity)],
            due = [.. every],
            dueNegative = [.. every.Select(e => e / NegativeSamples)];
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            double rate = 1 - ((epoch - 1.0) / epochs);
            for (int edge = 0; edge < every.Length; edge++)
            {
                if (due[edge] > epoch)
                    continue;
                (int from, int to) = (graph.From[edge], graph.To[edge]);
                Pull(points, from, to, curve, rate);
                due[edge] += every[edge];
                int negatives = (int)((epoch - dueNegative[edge]) / (every[edge] / NegativeSamples));
                for (int i = 0; i < negatives; i++)
                    Push(points, from, random.Next(rows), curve, rate);
                dueNegative[edge] += negatives * every[edge] / NegativeSamples;
            }
        }
        return points;
    }

    private static void Pull(double[] points, int from, int to, UmapCurve curve, double rate)
    {
        double dx = points[2 * from] - points[2 * to],
            dy = points[(2 * from) + 1] - points[(2 * to) + 1],
            squared = (dx * dx) + (dy * dy);
        if (squared == 0)
            return;
        double force = -2 * curve.A * curve.B * Math.Pow(squared, curve.B - 1) / (1 + (curve.A * Math.Pow(squared, curve.B))),
            x = rate * Math.Clamp(force * dx, -Limit, Limit),
            y = rate * Math.Clamp(force * dy, -Limit, Limit);
        points[2 * from] += x;
        points[(2 * from) + 1] += y;
        points[2 * to] -= x;
        points[(2 * to) + 1] -= y;
    }

    private static void Push(double[] points, int from, int other, UmapCurve curve, double rate)
    {
        if (other == from)
            return;
        double dx = points[2 * from] - points[2 * other],
            dy = points[(2 * from) + 1] - points[(2 * other) + 1],
            squared = (dx * dx) + (dy * dy),
            force = squared > 0 ? 2 * curve.B / ((Least + squared) * (1 + (curve.A * Math.Pow(squared, curve.B)))) : 0;
        points[2 * from] += rate * (force > 0 ? Math.Clamp(force * dx, -Limit, Limit) : Limit);
        points[(2 * from) + 1] += rate * (force > 0 ? Math.Clamp(force * dy, -Limit, Limit) : Limit);
    }
}
