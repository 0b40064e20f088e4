namespace MLNetExtensions.Reports.Content;

/// <summary>A range that a figure lies in.</summary>
internal sealed record IntervalContent(double Lower, double Upper);
