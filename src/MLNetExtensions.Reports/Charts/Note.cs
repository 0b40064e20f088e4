namespace MLNetExtensions.Reports.Charts;

/// <summary>A text on a drawing; <paramref name="Anchor"/> is SVG's <c>text-anchor</c>.</summary>
internal sealed record Note(string X, string Y, string Text, string Anchor);
