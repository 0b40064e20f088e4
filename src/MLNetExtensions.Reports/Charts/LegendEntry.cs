namespace MLNetExtensions.Reports.Charts;

/// <summary>A line of a legend; <paramref name="Style"/> is the class of the strokes or bars that it names.</summary>
internal sealed record LegendEntry(string Style, string Text);
