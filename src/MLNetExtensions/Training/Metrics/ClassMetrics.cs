namespace MLNetExtensions.Training.Metrics;

/// <summary>The metrics of one class, or of one of several labels, against the rest.</summary>
/// <param name="Name">The class.</param>
/// <param name="Scores">Its precision, recall and F1.</param>
/// <param name="Support">The number of rows that are of this class.</param>
/// <param name="Predicted">The number of rows that were predicted as this class.</param>
/// <param name="Auc">
/// The area under the ROC curve of this class against the rest: the chance that a row of it scores above a row of the rest, ties counted half.
/// NaN where all rows, or none, are of this class.
/// </param>
/// <param name="AveragePrecision">
/// The area under the precision-recall curve as a sum of steps (scikit-learn's <c>average_precision_score</c>); NaN where no row is of this class.
/// </param>
public sealed record ClassMetrics(string Name, PrecisionRecallF1 Scores, long Support, long Predicted, double Auc, double AveragePrecision)
{
    /// <summary>The fraction of what was predicted as this class that is of it; 0 where nothing was.</summary>
    public double Precision => Scores.Precision;

    /// <summary>The fraction of this class that was predicted as it; 0 where there are no rows of it.</summary>
    public double Recall => Scores.Recall;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Scores.F1;
}
