namespace MLNetExtensions.Reports.Charts;

/// <summary>A bar of a drawing; <paramref name="Style"/> is a class of the style sheet, <paramref name="Text"/> what it says when pointed at.</summary>
internal sealed record Bar(string X, string Y, string Width, string Height, string Style, string Text);
