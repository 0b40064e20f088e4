namespace MLNetExtensions.Reports.Content;

/// <summary>A row with wrong labels.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Image">The image's path, as the data have it; null without paths.</param>
/// <param name="Actual">The labels that it has.</param>
/// <param name="Predicted">The labels that are predicted.</param>
/// <param name="Missed">The labels that it has and that are not predicted.</param>
/// <param name="Wrong">The labels that are predicted and that it does not have.</param>
/// <param name="LogLoss">The sum of the labels' binary cross-entropies.</param>
internal sealed record LabelSetContent(
    int Row,
    string? Image,
    IReadOnlyList<string> Actual,
    IReadOnlyList<string> Predicted,
    IReadOnlyList<string> Missed,
    IReadOnlyList<string> Wrong,
    double LogLoss
);
