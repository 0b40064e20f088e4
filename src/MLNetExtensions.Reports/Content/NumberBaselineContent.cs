namespace MLNetExtensions.Reports.Content;

/// <summary>The errors of always predicting the labels' mean.</summary>
internal sealed record NumberBaselineContent(double Mean, double MeanAbsoluteError, double RootMeanSquaredError);
