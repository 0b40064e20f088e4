namespace MLNetExtensions.Training.Metrics;

/// <summary>The calibration of the probabilities: how well they match the fraction of correct predictions (arXiv 1706.04599).</summary>
public sealed class Calibration
{
    /// <summary>The number of bins.</summary>
    /// <value>15, as in the paper.</value>
    public const int BinCount = 15;

    private Calibration(CalibrationBin[] bins, double expectedError, double maximumError) =>
        (Bins, ExpectedError, MaximumError) = (bins, expectedError, maximumError);

    /// <summary>The reliability diagram: bins of equal width over the probability of the predicted class.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>
    /// The expected calibration error (ECE): the mean difference between accuracy and probability over the bins, each weighted by its
    /// number of rows.
    /// </summary>
    public double ExpectedError { get; }

    /// <summary>
    /// The maximum calibration error (MCE): the largest difference between accuracy and probability in any bin that has rows.
    /// </summary>
    public double MaximumError { get; }

    internal sealed class Counter
    {
        private readonly long[] _counts = new long[BinCount];
        private readonly long[] _correct = new long[BinCount];
        private readonly double[] _confidence = new double[BinCount];

        public void Add(double confidence, bool isCorrect)
        {
            // A bin holds its upper end, the lowest one 0 too.
            int bin = Math.Clamp((int)Math.Ceiling(confidence * BinCount) - 1, 0, BinCount - 1);
            _counts[bin]++;
            _confidence[bin] += confidence;
            if (isCorrect)
                _correct[bin]++;
        }

        public Calibration ToCalibration()
        {
            var bins = new CalibrationBin[BinCount];
            double expected = 0,
                maximum = 0;
            long total = _counts.Sum();
            for (int b = 0; b < BinCount; b++)
            {
                double accuracy = (double)_correct[b] / _counts[b],
                    confidence = _confidence[b] / _counts[b];
                bins[b] = new CalibrationBin((double)b / BinCount, (double)(b + 1) / BinCount, _counts[b], confidence, accuracy);
                if (_counts[b] == 0)
                    continue;
                double error = Math.Abs(accuracy - confidence);
                expected += error * _counts[b] / total;
                maximum = Math.Max(maximum, error);
            }
            return new Calibration(bins, expected, maximum);
        }
    }
}
