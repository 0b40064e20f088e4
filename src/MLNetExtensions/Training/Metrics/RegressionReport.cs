namespace MLNetExtensions.Training.Metrics;

/// <summary>
/// The errors of a model's predicted numbers over a whole set of rows, with scikit-learn's definitions. <see cref="ToString()"/> prints it.
/// </summary>
public sealed record RegressionReport
{
    private RegressionReport() { }

    /// <summary>The number of rows.</summary>
    public required long Count { get; init; }

    /// <summary>MAE: the mean of |prediction - target|, in the target's unit.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>The median of |prediction - target|, in the target's unit.</summary>
    public required double MedianAbsoluteError { get; init; }

    /// <summary>The largest |prediction - target|, in the target's unit.</summary>
    public required double MaximumError { get; init; }

    /// <summary>MSE: the mean of (prediction - target)^2.</summary>
    public required double MeanSquaredError { get; init; }

    /// <summary>RMSE: the square root of <see cref="MeanSquaredError"/>, in the target's unit.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>
    /// The coefficient of determination: 1 is perfect, 0 is as good as the targets' mean, below is worse. If all targets are equal: 1 for
    /// perfect predictions, else 0.
    /// </summary>
    public required double RSquared { get; init; }

    /// <summary>The same as <see cref="RSquared"/>, ignoring a constant offset of all predictions.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>Pearson's correlation of predictions and targets; NaN if one of them is constant.</summary>
    public required double Correlation { get; init; }

    /// <summary>Measures a model's predictions.</summary>
    /// <param name="predictions">[rows].</param>
    /// <param name="targets">[rows].</param>
    /// <exception cref="ArgumentException">There are no rows, the sizes differ, or a value is not finite; the message names the
    /// row.</exception>
    public static RegressionReport Compute(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        if (targets.IsEmpty)
            throw new ArgumentException("There are no rows, so there is nothing to measure.", nameof(targets));
        if (predictions.Length != targets.Length)
            throw new ArgumentException($"There are {predictions.Length} predictions for {targets.Length} targets.", nameof(predictions));
        double predictionSum = 0,
            targetSum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            if (!float.IsFinite(predictions[row]) || !float.IsFinite(targets[row]))
                throw new ArgumentException(
                    $"Row {row} has the prediction {predictions[row]} and the target {targets[row]}; both must be finite."
                );
            predictionSum += predictions[row];
            targetSum += targets[row];
        }

        int n = targets.Length;
        double predictionMean = predictionSum / n,
            targetMean = targetSum / n,
            errorMean = predictionMean - targetMean;
        double squares = 0,
            spread = 0,
            predictionSpread = 0,
            targetSpread = 0,
            together = 0;
        double[] absolute = new double[n];
        for (int row = 0; row < n; row++)
        {
            double error = (double)predictions[row] - targets[row];
            double prediction = predictions[row] - predictionMean,
                target = targets[row] - targetMean;
            absolute[row] = Math.Abs(error);
            squares += error * error;
            spread += (error - errorMean) * (error - errorMean);
            predictionSpread += prediction * prediction;
            targetSpread += target * target;
            together += prediction * target;
        }
        Array.Sort(absolute);
        return new RegressionReport
        {
            Count = n,
            MeanAbsoluteError = absolute.Average(),
            MedianAbsoluteError = (absolute[n / 2] + absolute[(n - 1) / 2]) / 2,
            MaximumError = absolute[^1],
            MeanSquaredError = squares / n,
            RSquared = Explained(squares, targetSpread),
            ExplainedVariance = Explained(spread, targetSpread),
            Correlation = together / Math.Sqrt(predictionSpread * targetSpread),
        };
    }

    /// <summary>Formats the metrics, one per line.</summary>
    public override string ToString() => ReportText.Of(this);

    private static double Explained(double rest, double all) =>
        all > 0 ? 1 - (rest / all)
        : rest == 0 ? 1
        : 0;
}
