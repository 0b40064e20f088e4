using System.Globalization;
using System.Text;

namespace MLNetExtensions.Training.Metrics;

/// <summary>
/// The number of rows of each class that were predicted as each class, and the metrics that follow from these counts alone.
/// </summary>
public sealed class ClassConfusionMatrix
{
    private readonly long[] _counts;
    private readonly long[] _actual;
    private readonly long[] _predicted;

    internal ClassConfusionMatrix(IReadOnlyList<string> classes, long[] counts)
    {
        Classes = classes;
        _counts = counts;
        int n = classes.Count;
        _actual = new long[n];
        _predicted = new long[n];
        for (int actual = 0; actual < n; actual++)
        for (int predicted = 0; predicted < n; predicted++)
        {
            long count = counts[(actual * n) + predicted];
            _actual[actual] += count;
            _predicted[predicted] += count;
            Count += count;
            if (actual == predicted)
                Correct += count;
        }
    }

    /// <summary>The classes' names, in the order of their labels.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of rows.</summary>
    public long Count { get; }

    /// <summary>The number of rows predicted correctly: the diagonal.</summary>
    public long Correct { get; }

    /// <summary>The number of rows of one class that were predicted as another.</summary>
    /// <param name="actual">The index of the rows' true class.</param>
    /// <param name="predicted">The index of the predicted class.</param>
    public long this[int actual, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes.Count, nameof(actual));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes.Count, nameof(predicted));
            return _counts[(actual * Classes.Count) + predicted];
        }
    }

    /// <summary>The number of rows of each class.</summary>
    public IReadOnlyList<long> Actual => _actual;

    /// <summary>The number of rows predicted as each class.</summary>
    public IReadOnlyList<long> Predicted => _predicted;

    /// <summary>The fraction of rows predicted correctly.</summary>
    public double Accuracy => (double)Correct / Count;

    /// <summary>The mean recall of the classes that have rows.</summary>
    public double BalancedAccuracy
    {
        get
        {
            double sum = 0;
            int present = 0;
            for (int c = 0; c < Classes.Count; c++)
                if (_actual[c] > 0)
                {
                    sum += (double)this[c, c] / _actual[c];
                    present++;
                }
            return sum / present;
        }
    }

    /// <summary>Computes Cohen's kappa: the agreement beyond chance; 1 is perfect, 0 is chance.</summary>
    /// <param name="weights">The weights of confusions: all equal, or for ordered classes growing with their distance.</param>
    /// <returns>NaN if chance alone agrees completely: all rows are of one class and predicted as it.</returns>
    public double CohensKappa(KappaWeights weights = KappaWeights.None)
    {
        double observed = 0,
            expected = 0;
        for (int actual = 0; actual < Classes.Count; actual++)
        for (int predicted = 0; predicted < Classes.Count; predicted++)
        {
            double distance = weights switch
            {
                KappaWeights.Linear => Math.Abs(actual - predicted),
                KappaWeights.Quadratic => (double)(actual - predicted) * (actual - predicted),
                _ => actual == predicted ? 0 : 1,
            };
            observed += distance * this[actual, predicted];
            expected += distance * _actual[actual] / Count * _predicted[predicted];
        }
        return 1 - (observed / expected);
    }

    /// <summary>
    /// Matthews' correlation of labels and predictions, for any number of classes (Gorodkin's R_K): -1 to 1; 0 if one of them is constant.
    /// </summary>
    public double MatthewsCorrelation
    {
        get
        {
            double n = Count,
                both = 0,
                actualSquares = 0,
                predictedSquares = 0;
            for (int c = 0; c < Classes.Count; c++)
            {
                both += (double)_actual[c] * _predicted[c];
                actualSquares += (double)_actual[c] * _actual[c];
                predictedSquares += (double)_predicted[c] * _predicted[c];
            }
            double scale = ((n * n) - actualSquares) * ((n * n) - predictedSquares);
            return scale == 0 ? 0 : ((Correct * n) - both) / Math.Sqrt(scale);
        }
    }

    /// <summary>Formats the counts as a table: a row for each class, a column for each prediction.</summary>
    public override string ToString()
    {
        int n = Classes.Count;
        int nameWidth = Math.Max(6, Classes.Max(name => name.Length));
        // A prediction's column is headed by the number of its class, as names may be long.
        int width = Math.Max(_counts.Max(), n - 1).ToString(CultureInfo.InvariantCulture).Length + 2;
        int numberWidth = (n - 1).ToString(CultureInfo.InvariantCulture).Length;
        var text = new StringBuilder();
        text.Append(' ', numberWidth + 1).Append("actual".PadRight(nameWidth));
        for (int c = 0; c < n; c++)
            text.Append(c.ToString(CultureInfo.InvariantCulture).PadLeft(width));
        text.Append("  <- predicted\n");
        for (int actual = 0; actual < n; actual++)
        {
            text.Append(actual.ToString(CultureInfo.InvariantCulture).PadLeft(numberWidth))
                .Append(' ')
                .Append(Classes[actual].PadRight(nameWidth));
            for (int predicted = 0; predicted < n; predicted++)
                text.Append(this[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width));
            text.Append('\n');
        }
        return text.ToString();
    }
}
