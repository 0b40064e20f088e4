namespace MLNetExtensions.Explanation.Pixels;

/// <summary>The points and weights of Gauss-Legendre quadrature between 0 and 1.</summary>
internal static class GaussLegendre
{
    public static (double Place, double Weight)[] Points(int count)
    {
        var points = new (double, double)[count];
        for (int i = 0; i < count; i++)
        {
            // The roots of the Legendre polynomial, by Newton's method from where they nearly are.
            double x = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)),
                slope = 1;
            for (double step = 1; Math.Abs(step) > 1e-15; )
            {
                double value = x,
                    before = 1;
                for (int n = 2; n <= count; n++)
                    (value, before) = ((((2 * n) - 1) * x * value - ((n - 1) * before)) / n, value);
                slope = count == 1 ? 1 : count * ((x * value) - before) / ((x * x) - 1);
                step = value / slope;
                x -= step;
                if (Math.Abs(step) < 1e-14)
                    break;
            }
            points[count - 1 - i] = ((x + 1) / 2, 1 / ((1 - (x * x)) * slope * slope));
        }
        return points;
    }
}
