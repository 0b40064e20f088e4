namespace MLNetExtensions.Similarity.Maps;

/// <summary>1 / (1 + a d^(2b)): how near points of a map count as, fitted to a flat piece up to a distance and an exponential fall behind it.</summary>
internal readonly record struct UmapCurve(double A, double B)
{
    private const int Points = 300,
        Steps = 200;

    private const double Spread = 1;

    /// <summary>Fits by Levenberg and Marquardt's method.</summary>
    /// <param name="minDistance">The length of the flat piece.</param>
    public static UmapCurve Fit(double minDistance)
    {
        double[] x = [.. Enumerable.Range(0, Points).Select(i => 3 * Spread * i / (Points - 1.0))],
            y = [.. x.Select(d => d < minDistance ? 1 : Math.Exp(-(d - minDistance) / Spread))];
        double a = 1,
            b = 1,
            damping = 1e-3,
            error = Error(x, y, a, b);
        for (int step = 0; step < Steps; step++)
        {
            double aa = 0,
                ab = 0,
                bb = 0,
                ga = 0,
                gb = 0;
            for (int i = 1; i < Points; i++)
            {
                double power = Math.Pow(x[i], 2 * b),
                    value = 1 / (1 + (a * power)),
                    rest = y[i] - value,
                    da = -power * value * value,
                    db = -2 * a * power * Math.Log(x[i]) * value * value;
                (aa, ab, bb) = (aa + (da * da), ab + (da * db), bb + (db * db));
                (ga, gb) = (ga + (da * rest), gb + (db * rest));
            }
            double determinant = (aa * (1 + damping) * bb * (1 + damping)) - (ab * ab),
                nextA = a + (((ga * bb * (1 + damping)) - (gb * ab)) / determinant),
                nextB = b + (((gb * aa * (1 + damping)) - (ga * ab)) / determinant),
                nextError = nextA > 0 && nextB > 0 ? Error(x, y, nextA, nextB) : double.PositiveInfinity;
            if (nextError > error)
            {
                damping *= 10;
                continue;
            }
            bool isDone = Math.Abs(nextA - a) < 1e-12 && Math.Abs(nextB - b) < 1e-12;
            (a, b, error, damping) = (nextA, nextB, nextError, damping / 10);
            if (isDone)
                break;
        }
        return new UmapCurve(a, b);
    }

    private static double Error(double[] x, double[] y, double a, double b)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double rest = y[i] - (1 / (1 + (a * Math.Pow(x[i], 2 * b))));
            sum += rest * rest;
        }
        return sum;
    }
}
