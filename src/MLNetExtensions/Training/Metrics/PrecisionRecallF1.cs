namespace MLNetExtensions.Training.Metrics;

/// <summary>Precision, recall and their harmonic mean, each from 0 to 1; 0 if the definition divides by zero, as in scikit-learn.</summary>
/// <param name="Precision">The fraction of rows predicted as a class that are of that class.</param>
/// <param name="Recall">The fraction of a class's rows that were predicted as it.</param>
/// <param name="F1">2 * precision * recall / (precision + recall).</param>
public readonly record struct PrecisionRecallF1(double Precision, double Recall, double F1)
{
    internal static PrecisionRecallF1 Of(long truePositives, long predicted, long actual)
    {
        double precision = predicted == 0 ? 0 : (double)truePositives / predicted;
        double recall = actual == 0 ? 0 : (double)truePositives / actual;
        double f1 = predicted + actual == 0 ? 0 : 2.0 * truePositives / (predicted + actual);
        return new PrecisionRecallF1(precision, recall, f1);
    }

    /// <summary>The mean over classes, each with its weight; zeros if all weights are 0.</summary>
    internal static PrecisionRecallF1 Average(IEnumerable<(PrecisionRecallF1 Scores, double Weight)> classes)
    {
        double precision = 0,
            recall = 0,
            f1 = 0,
            total = 0;
        foreach ((PrecisionRecallF1 scores, double weight) in classes)
        {
            precision += weight * scores.Precision;
            recall += weight * scores.Recall;
            f1 += weight * scores.F1;
            total += weight;
        }
        return total == 0 ? default : new PrecisionRecallF1(precision / total, recall / total, f1 / total);
    }
}
