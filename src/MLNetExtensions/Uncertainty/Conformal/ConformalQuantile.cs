namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>The threshold of split conformal prediction: an order statistic, not an interpolated quantile.</summary>
internal static class ConformalQuantile
{
    // (n + 1)(1 - alpha) is a whole number where it is meant to be one.
    private const double Rounding = 1e-9;

    /// <summary>The smallest number of calibration rows that can promise a coverage.</summary>
    public static int LeastRows(double coverage) => (int)Math.Ceiling((coverage / (1 - coverage)) - Rounding);

    /// <summary>The ceil((n + 1) coverage)-th smallest score; infinity where there are too few.</summary>
    /// <param name="scores">The scores of the calibration rows; they are sorted.</param>
    /// <param name="coverage">The promise.</param>
    public static float Of(Span<float> scores, double coverage)
    {
        int order = Order(scores.Length, coverage);
        if (order > scores.Length)
            return float.PositiveInfinity;
        scores.Sort();
        return scores[order - 1];
    }

    /// <summary>The place of the threshold among n sorted scores, from 1.</summary>
    public static int Order(int count, double coverage) => (int)Math.Ceiling(((count + 1) * coverage) - Rounding);

    /// <exception cref="ArgumentException">There are too few rows for the promise; the message says the least number.</exception>
    public static void CheckEnough(int rows, double coverage)
    {
        int least = LeastRows(coverage);
        if (rows < least)
            throw new ArgumentException(
                $"There are {rows} calibration rows; a coverage of {coverage} needs {least} at least (1 / alpha - 1). "
                    + "Give more labeled rows that the model was not trained on, or promise less."
            );
    }
}
