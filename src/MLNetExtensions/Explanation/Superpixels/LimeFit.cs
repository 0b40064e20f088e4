namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>
/// LIME's model (arXiv 1602.04938): a ridge regression from which superpixels are shown to the score, with samples like the image counting
/// more.
/// </summary>
/// <param name="Coefficients">The weight of each superpixel.</param>
/// <param name="Intercept">The score with nothing shown.</param>
/// <param name="RSquared">The weighted share of the scores' variance that the model explains.</param>
internal sealed record LimeFit(double[] Coefficients, double Intercept, double RSquared)
{
    /// <summary>The kernel's width, and the penalty: those of the package lime.</summary>
    public const double KernelWidth = 0.25,
        Penalty = 1;

    /// <summary>The weight of a sample by its cosine distance from the image, which shows everything.</summary>
    public static double Weight(ReadOnlySpan<bool> shown)
    {
        int ones = shown.Count(true);
        double distance = ones == 0 ? 1 : 1 - Math.Sqrt(ones / (double)shown.Length);
        return Math.Sqrt(Math.Exp(-distance * distance / (KernelWidth * KernelWidth)));
    }

    /// <summary>Fits the model; the intercept is not penalized.</summary>
    /// <param name="samples">For each sample, the superpixels that are shown.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="penalty">The ridge's penalty.</param>
    public static LimeFit Of(IReadOnlyList<bool[]> samples, IReadOnlyList<double> scores, double penalty = Penalty)
    {
        int players = samples[0].Length;
        double[] weights = [.. samples.Select(sample => Weight(sample))];
        double total = weights.Sum(),
            meanScore = weights.Zip(scores, (weight, score) => weight * score).Sum() / total;
        var means = new double[players];
        for (int i = 0; i < samples.Count; i++)
        for (int player = 0; player < players; player++)
            if (samples[i][player])
                means[player] += weights[i] / total;
        var matrix = new double[players, players];
        var right = new double[players];
        var centered = new double[players];
        for (int i = 0; i < samples.Count; i++)
        {
            for (int player = 0; player < players; player++)
                centered[player] = (samples[i][player] ? 1 : 0) - means[player];
            for (int a = 0; a < players; a++)
            {
                double weighted = weights[i] * centered[a];
                right[a] += weighted * (scores[i] - meanScore);
                for (int b = 0; b < players; b++)
                    matrix[a, b] += weighted * centered[b];
            }
        }
        for (int player = 0; player < players; player++)
            matrix[player, player] += penalty;
        double[] coefficients = SymmetricSystem.Solve(matrix, right);
        double intercept = meanScore - means.Zip(coefficients, (mean, coefficient) => mean * coefficient).Sum(),
            left = 0,
            all = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            double predicted = intercept;
            for (int player = 0; player < players; player++)
                predicted += samples[i][player] ? coefficients[player] : 0;
            left += weights[i] * Math.Pow(scores[i] - predicted, 2);
            all += weights[i] * Math.Pow(scores[i] - meanScore, 2);
        }
        return new LimeFit(coefficients, intercept, all == 0 ? 1 : 1 - (left / all));
    }
}
