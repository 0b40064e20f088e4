namespace MLNetExtensions.Reports.Charts;

/// <summary>A line of a drawing: <paramref name="Path"/> in SVG's language, <paramref name="Style"/> a class of the style sheet.</summary>
internal sealed record Stroke(string Path, string Style);
