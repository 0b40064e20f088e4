namespace MLNetExtensions.Training.Metrics;

/// <summary>The metrics of one class, or of one of several labels, against the rest.</summary>
/// <param name="Name">The class.</param>
/// <param name="Scores">Its precision, recall and F1.</param>
/// <param name="Support">The number of rows of this class.</param>
/// <param name="Predicted">The number of rows predicted as this class.</param>
/// <param name="Auc">
/// The area under the ROC curve of this class against the rest: the probability that a row of it scores above a row of the rest, with ties
/// counted half. NaN if all rows, or none, are of this class.
/// </param>
/// <param name="AveragePrecision">
/// The area under the precision-recall curve as a sum of steps (scikit-learn's <c>average_precision_score</c>); NaN if no row is of this
/// class.
/// </param>
public sealed record ClassMetrics(string Name, PrecisionRecallF1 Scores, long Support, long Predicted, double Auc, double AveragePrecision)
{
    /// <summary>The precision: the fraction of rows predicted as this class that are of this class; 0 if none was predicted.</summary>
    public double Precision => Scores.Precision;

    /// <summary>The recall: the fraction of this class's rows that were predicted as it; 0 if it has no rows.</summary>
    public double Recall => Scores.Recall;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Scores.F1;
}
