namespace MLNetExtensions.Reports.Content;

/// <summary>A row with its label and its predicted number.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Image">The image's path, as the data have it; null without paths.</param>
/// <param name="Actual">The label.</param>
/// <param name="Predicted">The predicted number.</param>
internal sealed record NumberRowContent(int Row, string? Image, double Actual, double Predicted)
{
    public double Error => Predicted - Actual;
}
