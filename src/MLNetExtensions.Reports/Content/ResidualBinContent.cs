namespace MLNetExtensions.Reports.Content;

/// <summary>The number of rows whose prediction - label lies in a range; the last range has its upper end too.</summary>
internal sealed record ResidualBinContent(double Lower, double Upper, long Count);
