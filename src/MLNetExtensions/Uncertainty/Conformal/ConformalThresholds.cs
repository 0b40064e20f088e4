using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Finds the thresholds of sets on calibration rows.</summary>
internal static class ConformalThresholds
{
    /// <summary>A threshold for each class; one for all where the promise is for all rows together.</summary>
    /// <exception cref="ArgumentException">The scores are not probabilities.</exception>
    public static float[] Of(ReadOnlySpan<float> probabilities, int[] labels, int classes, ConformalSetOptions options, RowChance chance)
    {
        var scoring = new NonconformityScores(options, classes);
        float[] row = new float[classes];
        float[] own = new float[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> distribution = probabilities.Slice(i * classes, classes);
            ProbabilityTable.CheckDistribution(distribution, i);
            scoring.Compute(distribution, NonconformityScores.IsRandomized(options) ? chance.Of(distribution) : 0, row);
            own[i] = row[labels[i]];
        }
        float[] thresholds = new float[classes];
        if (!options.ClassConditional)
        {
            Array.Fill(thresholds, ConformalQuantile.Of(own, options.Coverage));
            return thresholds;
        }
        for (int c = 0; c < classes; c++)
            thresholds[c] = ConformalQuantile.Of(own.Where((_, i) => labels[i] == c).ToArray(), options.Coverage);
        return thresholds;
    }
}
