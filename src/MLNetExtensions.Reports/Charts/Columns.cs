namespace MLNetExtensions.Reports.Charts;

/// <summary>Bars of histograms.</summary>
internal static class Columns
{
    // Neighbors do not touch.
    private const double Gap = 1;

    /// <summary>A bar over a range of x, between two numbers of y.</summary>
    public static Bar Of(Axis x, Axis y, double left, double right, double lower, double upper, string style, string text)
    {
        double start = x.Place(left) + (Gap / 2),
            top = y.Place(upper);
        return new Bar(
            Axis.Text(start),
            Axis.Text(top),
            Axis.Text(Math.Max(0.5, x.Place(right) - (Gap / 2) - start)),
            Axis.Text(y.Place(lower) - top),
            style,
            text
        );
    }
}
