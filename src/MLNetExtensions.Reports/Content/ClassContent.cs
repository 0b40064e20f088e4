using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of one class against the rest.</summary>
internal sealed record ClassContent(
    string Name,
    long Support,
    long Predicted,
    double Precision,
    double Recall,
    double F1,
    double? Auc,
    double? AveragePrecision
)
{
    public static ClassContent Of(ClassMetrics c) =>
        new(c.Name, c.Support, c.Predicted, c.Precision, c.Recall, c.F1, Finite.OrNull(c.Auc), Finite.OrNull(c.AveragePrecision));
}
