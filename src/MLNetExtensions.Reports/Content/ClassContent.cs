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
);
