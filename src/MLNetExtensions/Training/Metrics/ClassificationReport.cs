using System.Numerics.Tensors;

namespace MLNetExtensions.Training.Metrics;

/// <summary>
/// The metrics of a classifier's probabilities over a whole set of rows, with scikit-learn's definitions.
/// <see cref="ToString()"/> prints it.
/// </summary>
/// <example><code>
/// ClassificationReport report = ml.Vision().Report(model.Transform(testSet));
/// Console.WriteLine(report);
/// </code></example>
public sealed class ClassificationReport
{
    private const float FloatEpsilon = 1.1920929e-7f;

    private readonly long[] _rowsByRank;

    private ClassificationReport(
        ClassConfusionMatrix confusion,
        ClassMetrics[] classes,
        long[] rowsByRank,
        double logLoss,
        Calibration calibration
    )
    {
        _rowsByRank = rowsByRank;
        Confusion = confusion;
        Classes = classes;
        LogLoss = logLoss;
        Calibration = calibration;
        // A class that is neither there nor predicted says nothing.
        Macro = PrecisionRecallF1.Average(classes.Select(c => (c.Scores, c.Support + c.Predicted > 0 ? 1.0 : 0)));
        Weighted = PrecisionRecallF1.Average(classes.Select(c => (c.Scores, (double)c.Support)));
        Micro = new PrecisionRecallF1(Accuracy, Accuracy, Accuracy);
        List<ClassMetrics> ranked = [.. classes.Where(c => !double.IsNaN(c.Auc))];
        MacroAuc = ranked.Count == 0 ? double.NaN : ranked.Average(c => c.Auc);
        WeightedAuc = ranked.Count == 0 ? double.NaN : ranked.Sum(c => c.Auc * c.Support) / ranked.Sum(c => c.Support);
    }

    /// <summary>The number of rows.</summary>
    public long Count => Confusion.Count;

    /// <summary>The metrics of each class, in the order of the labels.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>The confusion matrix: the number of rows of each class predicted as each class.</summary>
    public ClassConfusionMatrix Confusion { get; }

    /// <summary>The fraction of rows whose most probable class (the first of equal ones) is the right one.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>The mean recall of the classes that have rows.</summary>
    public double BalancedAccuracy => Confusion.BalancedAccuracy;

    /// <summary>The macro average: the unweighted mean over the classes, without those that have no rows and no predictions.</summary>
    public PrecisionRecallF1 Macro { get; }

    /// <summary>
    /// The micro average, from the counts of all classes together; with one label per row, all three values are the accuracy.
    /// </summary>
    public PrecisionRecallF1 Micro { get; }

    /// <summary>The weighted average: the mean over the classes, each weighted by its number of rows.</summary>
    public PrecisionRecallF1 Weighted { get; }

    /// <summary>The mean, over the classes, of the area under the ROC curve of each class against the rest; NaN if none has one.</summary>
    public double MacroAuc { get; }

    /// <summary>The same as <see cref="MacroAuc"/>, with each class weighted by its number of rows.</summary>
    public double WeightedAuc { get; }

    /// <summary>The mean of -ln(probability of the right class); probabilities are clipped to at least 1.2e-7 (float's epsilon).</summary>
    public double LogLoss { get; }

    /// <summary>Cohen's kappa: the agreement beyond chance.</summary>
    public double CohensKappa => Confusion.CohensKappa();

    /// <summary>Matthews' correlation coefficient for any number of classes.</summary>
    public double MatthewsCorrelation => Confusion.MatthewsCorrelation;

    /// <summary>The calibration of the probabilities: the reliability diagram.</summary>
    public Calibration Calibration { get; }

    /// <summary>The expected calibration error (ECE) with 15 bins.</summary>
    public double ExpectedCalibrationError => Calibration.ExpectedError;

    /// <summary>Measures a classifier's probabilities.</summary>
    /// <param name="probabilities">[rows, classes], row after row; each row adds up to 1.</param>
    /// <param name="labels">[rows]: the index of each row's class, from 0.</param>
    /// <param name="classes">The classes' names.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, sizes do not fit, a label is not a class, or values are not probabilities; the message names the row.
    /// </exception>
    public static ClassificationReport Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, IReadOnlyList<string> classes)
    {
        ProbabilityTable.CheckSizes(probabilities.Length, labels.Length, classes, nameof(probabilities));
        int n = classes.Count;
        long[] confusion = new long[n * n],
            rowsByRank = new long[n];
        var calibration = new Calibration.Counter();
        double logLoss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> scores = probabilities.Slice(row * n, n);
            int label = labels[row];
            ProbabilityTable.CheckLabel(label, row, n);
            ProbabilityTable.CheckDistribution(scores, row);
            int predicted = TensorPrimitives.IndexOfMax(scores);
            confusion[(label * n) + predicted]++;
            rowsByRank[RankOf(label, scores)]++;
            calibration.Add(scores[predicted], predicted == label);
            logLoss -= Math.Log(Math.Clamp(scores[label], FloatEpsilon, 1));
        }
        var matrix = new ClassConfusionMatrix([.. classes], confusion);
        return new ClassificationReport(
            matrix,
            PerClass(probabilities, labels, matrix),
            rowsByRank,
            logLoss / labels.Length,
            calibration.ToCalibration()
        );
    }

    /// <summary>
    /// Computes the fraction of rows whose class is among the k most probable; the first of equal ones counts as more probable.
    /// </summary>
    /// <param name="k">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public double TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        long right = 0;
        for (int rank = 0; rank < Math.Min(k, _rowsByRank.Length); rank++)
            right += _rowsByRank[rank];
        return (double)right / Count;
    }

    /// <summary>
    /// Formats the report: one line per class like scikit-learn's classification_report, the metrics over all rows, the confusions.
    /// </summary>
    public override string ToString() => ReportText.Of(this);

    private static int RankOf(int label, ReadOnlySpan<float> scores)
    {
        int rank = 0;
        for (int c = 0; c < scores.Length; c++)
            if (scores[c] > scores[label] || (scores[c] == scores[label] && c < label))
                rank++;
        return rank;
    }

    private static ClassMetrics[] PerClass(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, ClassConfusionMatrix confusion)
    {
        // A cache line of classes at once: one class at a time would fetch the whole table for each.
        const int AtOnce = 16;
        int n = confusion.Classes.Count;
        int rows = labels.Length;
        Ranking[] rankings = [.. Enumerable.Range(0, Math.Min(n, AtOnce)).Select(_ => new Ranking(rows))];
        var classes = new ClassMetrics[n];
        for (int start = 0; start < n; start += AtOnce)
        {
            int count = Math.Min(AtOnce, n - start);
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> scores = probabilities.Slice((row * n) + start, count);
                int label = labels[row] - start;
                for (int c = 0; c < count; c++)
                    rankings[c].Add(scores[c], c == label);
            }
            for (int c = start; c < start + count; c++)
            {
                (double auc, double averagePrecision) = rankings[c - start].Areas();
                rankings[c - start].Clear();
                var scores = PrecisionRecallF1.Of(confusion[c, c], confusion.Predicted[c], confusion.Actual[c]);
                classes[c] = new ClassMetrics(
                    confusion.Classes[c],
                    scores,
                    confusion.Actual[c],
                    confusion.Predicted[c],
                    auc,
                    averagePrecision
                );
            }
        }
        return classes;
    }
}
