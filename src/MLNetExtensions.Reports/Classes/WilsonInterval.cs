using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Classes;

/// <summary>Wilson's interval of 95 % of a fraction (doi 10.1080/01621459.1927.10502953).</summary>
internal static class WilsonInterval
{
    private const double Quantile = 1.959963984540054;

    public static IntervalContent Of(long hits, long rows)
    {
        double p = (double)hits / rows,
            z = Quantile * Quantile / rows;
        double center = (p + (z / 2)) / (1 + z),
            reach = Quantile / (1 + z) * Math.Sqrt((p * (1 - p) / rows) + (z / 4 / rows));
        return new IntervalContent(Math.Max(0, center - reach), Math.Min(1, center + reach));
    }
}
