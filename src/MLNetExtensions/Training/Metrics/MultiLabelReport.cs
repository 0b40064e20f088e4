namespace MLNetExtensions.Training.Metrics;

/// <summary>
/// The metrics of the probabilities of a model that gives each row any number of labels, over a whole set of rows, with
/// scikit-learn's definitions. <see cref="ToString()"/> prints it.
/// </summary>
public sealed class MultiLabelReport
{
    private MultiLabelReport(ClassMetrics[] labels, RowFigures rows, long truePositives)
    {
        Labels = labels;
        Count = rows.Count;
        SubsetAccuracy = rows.FullyRight / (double)rows.Count;
        HammingLoss = rows.WrongLabels / ((double)rows.Count * labels.Length);
        LogLoss = rows.LogLoss / ((double)rows.Count * labels.Length);
        RankingAveragePrecision = rows.RankingPrecision / rows.Count;
        Samples = new PrecisionRecallF1(rows.Precision / rows.Count, rows.Recall / rows.Count, rows.F1 / rows.Count);
        Micro = PrecisionRecallF1.Of(truePositives, labels.Sum(l => l.Predicted), labels.Sum(l => l.Support));
        Macro = PrecisionRecallF1.Average(labels.Select(l => (l.Scores, 1.0)));
        Weighted = PrecisionRecallF1.Average(labels.Select(l => (l.Scores, (double)l.Support)));
        MacroAuc = MeanOf(labels.Select(l => l.Auc));
        MeanAveragePrecision = MeanOf(labels.Select(l => l.AveragePrecision));
    }

    /// <summary>The number of rows.</summary>
    public long Count { get; }

    /// <summary>The metrics of each label, in the order of the columns.</summary>
    public IReadOnlyList<ClassMetrics> Labels { get; }

    /// <summary>The fraction of rows with all labels predicted correctly.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>The fraction of single labels that are wrong.</summary>
    public double HammingLoss { get; }

    /// <summary>The macro average: the unweighted mean over the labels.</summary>
    public PrecisionRecallF1 Macro { get; }

    /// <summary>The micro average, from the counts of all labels together.</summary>
    public PrecisionRecallF1 Micro { get; }

    /// <summary>The weighted average: the mean over the labels, each weighted by its number of rows.</summary>
    public PrecisionRecallF1 Weighted { get; }

    /// <summary>The samples average: the mean over the rows; 0 for a row without labels, or without predicted ones.</summary>
    public PrecisionRecallF1 Samples { get; }

    /// <summary>The mean area under the ROC curve of the labels that have rows with and without them; NaN if there are none.</summary>
    public double MacroAuc { get; }

    /// <summary>The mean average precision (mAP) of the labels that have rows; NaN if there are none.</summary>
    public double MeanAveragePrecision { get; }

    /// <summary>
    /// The mean, over the labels that each row has, of the fraction of correct ones among the labels at least as probable
    /// (scikit-learn's <c>label_ranking_average_precision_score</c>; 1 for a row with no labels or all).
    /// </summary>
    public double RankingAveragePrecision { get; }

    /// <summary>The mean binary cross-entropy over rows and labels; probabilities are clipped to at least 1.2e-7 from 0 and 1.</summary>
    public double LogLoss { get; }

    /// <summary>Measures a model's probabilities.</summary>
    /// <param name="probabilities">[rows, labels], row after row: the probability of each label.</param>
    /// <param name="targets">[rows, labels], row after row: true if the row has the label.</param>
    /// <param name="labels">The labels' names.</param>
    /// <param name="threshold">Labels of this probability or more count as predicted.</param>
    /// <exception cref="ArgumentException">There are no rows, sizes do not fit, or values are not probabilities; the message names the
    /// row.</exception>
    public static MultiLabelReport Compute(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<bool> targets,
        IReadOnlyList<string> labels,
        float threshold = 0.5f
    )
    {
        ArgumentNullException.ThrowIfNull(labels);
        int n = labels.Count,
            count = n == 0 ? 0 : targets.Length / n;
        ProbabilityTable.CheckSizes(probabilities.Length, count, labels, nameof(probabilities));
        ProbabilityTable.CheckSizes(targets.Length, count, labels, nameof(targets));
        var rows = new RowFigures();
        long[] both = new long[n],
            predicted = new long[n],
            actual = new long[n];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> scores = probabilities.Slice(row * n, n);
            ReadOnlySpan<bool> truth = targets.Slice(row * n, n);
            ProbabilityTable.CheckProbabilities(scores, row);
            rows.Add(scores, truth, threshold);
            for (int label = 0; label < n; label++)
            {
                bool isPredicted = scores[label] >= threshold;
                both[label] += isPredicted && truth[label] ? 1 : 0;
                predicted[label] += isPredicted ? 1 : 0;
                actual[label] += truth[label] ? 1 : 0;
            }
        }

        var ranking = new Ranking(count);
        var metrics = new ClassMetrics[n];
        for (int label = 0; label < n; label++)
        {
            ranking.Clear();
            for (int row = 0; row < count; row++)
                ranking.Add(probabilities[(row * n) + label], targets[(row * n) + label]);
            (double auc, double averagePrecision) = ranking.Areas();
            metrics[label] = new ClassMetrics(
                labels[label],
                PrecisionRecallF1.Of(both[label], predicted[label], actual[label]),
                actual[label],
                predicted[label],
                auc,
                averagePrecision
            );
        }
        return new MultiLabelReport(metrics, rows, both.Sum());
    }

    /// <summary>Formats the report: one line per label, the averages, the metrics over all rows.</summary>
    public override string ToString() => ReportText.Of(this);

    private static double MeanOf(IEnumerable<double> values)
    {
        List<double> defined = [.. values.Where(value => !double.IsNaN(value))];
        return defined.Count == 0 ? double.NaN : defined.Average();
    }

    /// <summary>The sums of row-by-row metrics.</summary>
    private sealed class RowFigures
    {
        public long Count { get; private set; }

        public long FullyRight { get; private set; }

        public long WrongLabels { get; private set; }

        public double LogLoss { get; private set; }

        public double RankingPrecision { get; private set; }

        public double Precision { get; private set; }

        public double Recall { get; private set; }

        public double F1 { get; private set; }

        public void Add(ReadOnlySpan<float> scores, ReadOnlySpan<bool> truth, float threshold)
        {
            const float Epsilon = 1.1920929e-7f;
            int both = 0,
                predicted = 0,
                actual = 0,
                wrong = 0;
            for (int label = 0; label < scores.Length; label++)
            {
                bool isPredicted = scores[label] >= threshold;
                both += isPredicted && truth[label] ? 1 : 0;
                predicted += isPredicted ? 1 : 0;
                actual += truth[label] ? 1 : 0;
                wrong += isPredicted != truth[label] ? 1 : 0;
                double probability = Math.Clamp(scores[label], Epsilon, 1 - Epsilon);
                LogLoss -= Math.Log(truth[label] ? probability : 1 - probability);
            }
            var row = PrecisionRecallF1.Of(both, predicted, actual);
            (Precision, Recall, F1) = (Precision + row.Precision, Recall + row.Recall, F1 + row.F1);
            RankingPrecision += actual == 0 || actual == truth.Length ? 1 : RankingPrecisionOf(scores, truth, actual);
            WrongLabels += wrong;
            FullyRight += wrong == 0 ? 1 : 0;
            Count++;
        }

        private static double RankingPrecisionOf(ReadOnlySpan<float> scores, ReadOnlySpan<bool> truth, int actual)
        {
            double sum = 0;
            for (int label = 0; label < scores.Length; label++)
            {
                if (!truth[label])
                    continue;
                int above = 0,
                    rightAbove = 0;
                for (int other = 0; other < scores.Length; other++)
                    if (scores[other] >= scores[label])
                    {
                        above++;
                        rightAbove += truth[other] ? 1 : 0;
                    }
                sum += (double)rightAbove / above;
            }
            return sum / actual;
        }
    }
}
