using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Content;

/// <summary>An average over the classes.</summary>
internal sealed record AverageContent(double Precision, double Recall, double F1)
{
    public static AverageContent Of(PrecisionRecallF1 scores) => new(scores.Precision, scores.Recall, scores.F1);
}
