namespace MLNetExtensions.Reports.Content;

/// <summary>Something to look at.</summary>
/// <param name="About"><c>data</c>, <c>training</c> or <c>result</c>.</param>
/// <param name="Text">What it is, and the remedy.</param>
internal sealed record WarningContent(string About, string Text);
