namespace MLNetExtensions.Training.Privacy;

/// <summary>
/// The Rényi differential privacy of one step of DP-SGD: the Gaussian mechanism on a Poisson sample (Mironov, Talwar and Zhang 2019,
/// arXiv 1908.10530, section 3.3).
/// </summary>
internal static class RenyiDivergence
{
    /// <summary>A fractional order's series shrinks like a power of the number of terms; half of the last one stands for the rest.</summary>
    private const int MaximumTerms = 4_000;

    /// <summary>The logarithm of a term that no longer matters.</summary>
    private const double Negligible = -36;

    /// <summary>The divergence of a step.</summary>
    /// <param name="sampleRate">The probability with which each example joins the step, 0 to 1.</param>
    /// <param name="noiseMultiplier">The noise's standard deviation over the clipping norm.</param>
    /// <param name="order">The order, above 1.</param>
    public static double OfStep(double sampleRate, double noiseMultiplier, double order)
    {
        if (sampleRate == 0)
            return 0;
        if (noiseMultiplier == 0)
            return double.PositiveInfinity;
        if (sampleRate == 1)
            return order / (2 * noiseMultiplier * noiseMultiplier);
        double moment =
            order == Math.Floor(order)
                ? WholeOrder(sampleRate, noiseMultiplier, (int)order)
                : FractionalOrder(sampleRate, noiseMultiplier, order);
        return Math.Max(0, moment) / (order - 1);
    }

    /// <summary>The logarithm of the moment: a binomial sum.</summary>
    private static double WholeOrder(double q, double sigma, int order)
    {
        var sum = new SignedLogSum();
        double coefficient = 0;
        for (int k = 0; k <= order; k++)
        {
            if (k > 0)
                coefficient += Math.Log(order - k + 1) - Math.Log(k);
            sum.Add(
                coefficient + (order - k) * Math.Log(1 - q) + k * Math.Log(q) + (double)k * (k - 1) / (2 * sigma * sigma),
                isNegative: false
            );
        }
        return sum.Log;
    }

    /// <summary>The same for any order: two series, one for each side of the point where the two densities are equal.</summary>
    private static double FractionalOrder(double q, double sigma, double order)
    {
        SignedLogSum below = new(),
            above = new();
        double twoSquares = 2 * sigma * sigma,
            root = Math.Sqrt(twoSquares),
            middle = sigma * sigma * Math.Log(1 / q - 1) + 0.5,
            logCoefficient = 0;
        bool isNegative = false;
        for (int i = 0; i < MaximumTerms; i++)
        {
            double j = order - i;
            if (i > 0)
            {
                // The binomial coefficient, which changes its sign with each term beyond the order.
                double factor = (order - i + 1) / i;
                logCoefficient += Math.Log(Math.Abs(factor));
                isNegative ^= factor < 0;
            }
            double left =
                    logCoefficient
                    + i * Math.Log(q)
                    + j * Math.Log(1 - q)
                    + ((double)i * i - i) / twoSquares
                    + NormalTail.LogOfHalfErfc((i - middle) / root),
                right =
                    logCoefficient
                    + j * Math.Log(q)
                    + i * Math.Log(1 - q)
                    + (j * j - j) / twoSquares
                    + NormalTail.LogOfHalfErfc((middle - j) / root);
            bool isLast = i > order && Math.Max(left, right) < Negligible || i == MaximumTerms - 1;
            double half = isLast ? Math.Log(0.5) : 0;
            below.Add(left + half, isNegative);
            above.Add(right + half, isNegative);
            if (isLast)
                break;
        }
        below.Add(above.Log, isNegative: false);
        return below.Log;
    }
}
