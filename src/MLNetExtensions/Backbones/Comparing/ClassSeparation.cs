namespace MLNetExtensions.Backbones.Comparing;

/// <summary>
/// Measures how well features separate classes: each row is given to the class whose mean, computed without that row, is nearest.
/// </summary>
internal static class ClassSeparation
{
    /// <summary>The fraction of rows that come to their own class; rows that are alone in theirs do not count.</summary>
    /// <param name="features">A row of features each.</param>
    /// <param name="classes">The class of each row.</param>
    public static double Accuracy(float[][] features, int[] classes)
    {
        double[][] rows = Standardize(features);
        Dictionary<int, (double[] Sum, int Count)> sums = classes.Distinct().ToDictionary(c => c, SumOf);
        int[] counted = [.. Enumerable.Range(0, rows.Length).Where(i => sums[classes[i]].Count > 1)];
        return counted.Length == 0
            ? 0
            : counted.Average(i =>
                sums.MinBy(c => Distance(rows[i], c.Value.Sum, c.Value.Count, isOwn: c.Key == classes[i])).Key == classes[i] ? 1.0 : 0
            );

        (double[] Sum, int Count) SumOf(int c)
        {
            double[][] own = [.. rows.Where((_, i) => classes[i] == c)];
            return ([.. Enumerable.Range(0, rows[0].Length).Select(f => own.Sum(row => row[f]))], own.Length);
        }
    }

    private static double Distance(double[] row, double[] sum, int count, bool isOwn)
    {
        double distance = 0;
        for (int f = 0; f < row.Length; f++)
        {
            double mean = isOwn ? (sum[f] - row[f]) / (count - 1) : sum[f] / count;
            distance += (row[f] - mean) * (row[f] - mean);
        }
        // A class of this row alone has no mean without it.
        return double.IsNaN(distance) ? double.PositiveInfinity : distance;
    }

    private static double[][] Standardize(float[][] features)
    {
        int size = features[0].Length;
        var mean = new double[size];
        var deviation = new double[size];
        for (int f = 0; f < size; f++)
        {
            mean[f] = features.Average(row => (double)row[f]);
            deviation[f] = Math.Sqrt(features.Average(row => (row[f] - mean[f]) * (row[f] - mean[f])));
        }
        // Constant features tell nothing, and neither do NaNs.
        return
        [
            .. features.Select(row =>
                row.Select((x, f) => deviation[f] > 1e-6 && double.IsFinite(deviation[f]) ? (x - mean[f]) / deviation[f] : 0).ToArray()
            ),
        ];
    }
}
