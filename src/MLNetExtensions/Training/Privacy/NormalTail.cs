namespace MLNetExtensions.Training.Privacy;

/// <summary>The tail of the normal distribution, also where it is too small for a number.</summary>
internal static class NormalTail
{
    /// <summary>From here on the continued fraction is exact enough with few terms.</summary>
    private const double Far = 2;

    private static readonly double HalfOfLogPi = 0.5 * Math.Log(Math.PI);

    /// <summary>The logarithm of erfc(x) / 2: the probability that a normal variable of variance 1/2 exceeds x.</summary>
    public static double LogOfHalfErfc(double x) =>
        x >= Far ? -x * x - HalfOfLogPi + Math.Log(Fraction(x)) - Math.Log(2)
        : x > -Far ? Math.Log((1 - Erf(x)) / 2)
        : Math.Log(1 - Math.Exp(LogOfHalfErfc(-x)));

    /// <summary>The error function as a series (Abramowitz and Stegun 7.1.6).</summary>
    private static double Erf(double x)
    {
        double term = x,
            sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>The continued fraction of erfc(x) exp(x²) sqrt(π) (Abramowitz and Stegun 7.1.14), from its end.</summary>
    private static double Fraction(double x)
    {
        double value = x;
        for (int n = 120; n > 0; n--)
            value = x + n / 2.0 / value;
        return 1 / value;
    }
}
