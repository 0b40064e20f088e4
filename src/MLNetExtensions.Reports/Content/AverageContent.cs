namespace MLNetExtensions.Reports.Content;

/// <summary>An average over the classes.</summary>
internal sealed record AverageContent(double Precision, double Recall, double F1);
