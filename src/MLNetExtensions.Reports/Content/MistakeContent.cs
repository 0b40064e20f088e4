namespace MLNetExtensions.Reports.Content;

/// <summary>A row that was classified wrongly.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Image">The image's path, as the data have it; null without paths.</param>
/// <param name="Actual">Its class.</param>
/// <param name="Predicted">The class it was taken for.</param>
/// <param name="Probability">The probability of the predicted class.</param>
/// <param name="ProbabilityOfActual">The probability of its class.</param>
internal sealed record MistakeContent(
    int Row,
    string? Image,
    string Actual,
    string Predicted,
    double Probability,
    double ProbabilityOfActual
);
