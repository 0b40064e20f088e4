namespace MLNetExtensions.Search.Samplers;

/// <summary>Densities and masses of normal distributions.</summary>
internal static class NormalDistribution
{
    private static readonly double HalfLogTau = Math.Log(Math.Tau) / 2;

    /// <summary>The logarithm of the mass between two values; where they are equal, of the density there.</summary>
    public static double LogMass(double low, double high, double mean, double deviation)
    {
        double a = (low - mean) / deviation,
            b = (high - mean) / deviation;
        if (a == b)
            return (-a * a / 2) - HalfLogTau - Math.Log(deviation);
        // Both in the upper tail: the difference of two numbers near 1 would be nothing but rounding.
        double mass = a > 0 ? Below(-a) - Below(-b) : Below(b) - Below(a);
        return Math.Log(Math.Max(mass, double.Epsilon));
    }

    /// <summary>Draws a value between two others, between which the mean lies.</summary>
    public static double DrawBetween(double low, double high, double mean, double deviation, Random random)
    {
        // A distribution no wider than the range has a third of its mass in it, wherever its mean is.
        while (true)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            double value = mean + (deviation * radius * Math.Cos(Math.Tau * random.NextDouble()));
            if (value >= low && value <= high)
                return value;
        }
    }

    /// <summary>The mass below a value of the standard normal distribution, to a relative error of 1.2e-7 (erfcc of Numerical Recipes).</summary>
    public static double Below(double value)
    {
        double x = Math.Abs(value) / Math.Sqrt(2);
        double t = 1 / (1 + (x / 2));
        ReadOnlySpan<double> coefficients =
        [
            0.17087277,
            -0.82215223,
            1.48851587,
            -1.13520398,
            0.27886807,
            -0.18628806,
            0.09678418,
            0.37409196,
            1.00002368,
            -1.26551223,
        ];
        double sum = 0;
        foreach (double coefficient in coefficients)
            sum = (sum * t) + coefficient;
        double tail = t * Math.Exp((-x * x) + sum) / 2;
        return value < 0 ? tail : 1 - tail;
    }
}
