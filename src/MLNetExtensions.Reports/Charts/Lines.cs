using System.Text;

namespace MLNetExtensions.Reports.Charts;

/// <summary>Paths in SVG's language.</summary>
internal static class Lines
{
    /// <summary>A line through points; where a number is missing, it is interrupted.</summary>
    public static string Through(Axis x, Axis y, IEnumerable<(double X, double? Y)> points)
    {
        var path = new StringBuilder();
        bool isDown = false;
        foreach ((double px, double? py) in points)
        {
            if (py is { } value)
                path.Append(isDown ? 'L' : 'M').Append(x.At(px)).Append(' ').Append(y.At(value));
            isDown = py is not null;
        }
        return path.ToString();
    }

    /// <summary>Dots: lines without length, which round caps make visible.</summary>
    public static string Dots(Axis x, Axis y, IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach ((double px, double py) in points)
            path.Append('M').Append(x.At(px)).Append(' ').Append(y.At(py)).Append("h0");
        return path.ToString();
    }

    /// <summary>A line from one point to another.</summary>
    public static string Between(Axis x, Axis y, double x1, double y1, double x2, double y2) =>
        $"M{x.At(x1)} {y.At(y1)}L{x.At(x2)} {y.At(y2)}";
}
