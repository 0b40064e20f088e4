using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>RAdam like torch.optim.RAdam.</summary>
internal static class RAdamUpdate
{
    public static void Apply(RAdam rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol mean = range.Follow("mean", rule.Beta1, range.Gradients),
            square = range.Follow("square", rule.Beta2, g.Square(range.Gradients));
        // Early steps have too few values behind the variance: their update is the mean alone.
        Symbol plain = range.Scalar((step, rate) => Rectification(rule, step) is null ? rate / (1 - Math.Pow(rule.Beta1, step)) : 0);
        Symbol rectified = range.Scalar(
            (step, rate) =>
                Rectification(rule, step) is { } factor
                    ? rate / (1 - Math.Pow(rule.Beta1, step)) * factor * Math.Sqrt(1 - Math.Pow(rule.Beta2, step))
                    : 0
        );
        range.Values -= mean * (plain + rectified / (g.Sqrt(square) + rule.Epsilon));
    }

    /// <summary>
    /// The variance's correction, from the length of the simple moving average that the exponential one is worth; null if that is too
    /// short.
    /// </summary>
    private static double? Rectification(RAdam rule, long step)
    {
        double power = Math.Pow(rule.Beta2, step),
            longest = 2 / (1 - (double)rule.Beta2) - 1,
            length = longest - 2 * step * power / (1 - power);
        return length <= 5 ? null : Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
    }
}
