using System.Numerics.Tensors;

namespace MLNetExtensions.Training;

/// <summary>
/// Finds the minimum of a smooth convex function by L-BFGS (Nocedal and Wright, algorithms 7.4 and 7.5) with backtracking. Sums are in one
/// order, so the result does not depend on threads.
/// </summary>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10,
        MaximumHalvings = 30;

    private const double SufficientDecrease = 1e-4;

    /// <summary>A function: fills the gradient at a point and returns the value.</summary>
    public delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Minimizes.</summary>
    /// <param name="function">The function.</param>
    /// <param name="point">The start; receives the minimum.</param>
    /// <param name="maximumIterations">The most steps.</param>
    /// <param name="tolerance">The largest partial derivative at which it ends, relative to that at the start.</param>
    /// <returns>The value at the minimum.</returns>
    public static double Minimize(Function function, double[] point, int maximumIterations = 200, double tolerance = 1e-5)
    {
        int n = point.Length;
        double[] gradient = new double[n],
            direction = new double[n],
            next = new double[n],
            nextGradient = new double[n];
        var steps = new List<(double[] Step, double[] Change, double Inverse)>();
        double value = function(point, gradient);
        double enough = tolerance * Math.Max(1e-12, Largest(gradient));
        for (int iteration = 0; iteration < maximumIterations && Largest(gradient) > enough; iteration++)
        {
            Direct(gradient, steps, direction);
            double slope = TensorPrimitives.Dot<double>(gradient, direction);
            if (slope >= 0)
                break;
            double length = steps.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1,
                nextValue = 0;
            int halvings = 0;
            for (; halvings < MaximumHalvings; halvings++, length /= 2)
            {
                TensorPrimitives.MultiplyAdd<double>(direction, length, point, next);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * length * slope))
                    break;
            }
            if (halvings == MaximumHalvings)
                break;
            double[] step = new double[n],
                change = new double[n];
            TensorPrimitives.Subtract<double>(next, point, step);
            TensorPrimitives.Subtract<double>(nextGradient, gradient, change);
            double curvature = TensorPrimitives.Dot<double>(step, change);
            if (curvature > 1e-12 * TensorPrimitives.SumOfSquares<double>(change))
            {
                if (steps.Count == Memory)
                    steps.RemoveAt(0);
                steps.Add((step, change, 1 / curvature));
            }
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
        }
        return value;
    }

    private static void Direct(double[] gradient, List<(double[] Step, double[] Change, double Inverse)> steps, double[] direction)
    {
        TensorPrimitives.Negate<double>(gradient, direction);
        Span<double> factors = stackalloc double[Memory];
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            factors[i] = steps[i].Inverse * TensorPrimitives.Dot<double>(steps[i].Step, direction);
            TensorPrimitives.MultiplyAdd<double>(steps[i].Change, -factors[i], direction, direction);
        }
        if (steps.Count > 0)
            TensorPrimitives.Multiply<double>(
                direction,
                1 / (steps[^1].Inverse * TensorPrimitives.SumOfSquares<double>(steps[^1].Change)),
                direction
            );
        for (int i = 0; i < steps.Count; i++)
        {
            double factor = factors[i] - (steps[i].Inverse * TensorPrimitives.Dot<double>(steps[i].Change, direction));
            TensorPrimitives.MultiplyAdd<double>(steps[i].Step, factor, direction, direction);
        }
    }

    private static double Largest(double[] values) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));
}
