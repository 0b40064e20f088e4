namespace MLNetExtensions.Reports.Content;

/// <summary>Rows of one class that were taken for another.</summary>
/// <param name="Actual">Their class.</param>
/// <param name="Predicted">The class they were taken for.</param>
/// <param name="Count">Their number.</param>
/// <param name="Support">The number of all rows of their class.</param>
internal sealed record ConfusedPairContent(string Actual, string Predicted, long Count, long Support)
{
    /// <summary>The fraction of the class's rows.</summary>
    public double Fraction => (double)Count / Support;
}
