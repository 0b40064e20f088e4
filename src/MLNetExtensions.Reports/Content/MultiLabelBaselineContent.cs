namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of a model that looks at no image: to every row it gives the labels that more than half of the rows have.</summary>
/// <param name="Labels">Those labels.</param>
/// <param name="SubsetAccuracy">The fraction of rows with exactly those labels.</param>
/// <param name="HammingLoss">The fraction of single labels that are wrong.</param>
/// <param name="MicroF1">F1 over all labels together.</param>
/// <param name="LogLoss">The mean binary cross-entropy of the labels' frequencies.</param>
/// <param name="MeanAveragePrecision">The mean frequency of the labels that have rows: what a random order reaches.</param>
internal sealed record MultiLabelBaselineContent(
    IReadOnlyList<string> Labels,
    double SubsetAccuracy,
    double HammingLoss,
    double MicroF1,
    double LogLoss,
    double? MeanAveragePrecision
);
