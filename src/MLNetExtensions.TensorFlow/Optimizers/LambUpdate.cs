using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>LAMB (arXiv 1904.00962), each parameter with a trust ratio of its own.</summary>
internal static class LambUpdate
{
    public static void Apply(Lamb rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        Symbol mean = range.Follow("mean", rule.Beta1, range.Gradients),
            square = range.Follow("square", rule.Beta2, g.Square(range.Gradients));
        Symbol root = g.Sqrt(square * range.Scalar((step, _) => 1 / (1 - Math.Pow(rule.Beta2, step)))) + rule.Epsilon;
        Symbol update = mean * range.Scalar((step, _) => 1 / (1 - Math.Pow(rule.Beta1, step))) / root;
        if (range.DecayOf(rule) is var decay and not 0)
            update += range.Values * decay;
        Symbol zero = g.Scalar(0, DataType.Float),
            one = g.Scalar(1, DataType.Float),
            values = range.Values;
        update = range.PerParameter(part =>
        {
            Symbol own = range.Part(update, part),
                size = g.Norm(range.Part(values, part)),
                length = g.Norm(own);
            // As the authors' code: without a norm, as biases at the start, the update is taken as it is.
            Symbol both = g.Binary("LogicalAnd", g.Binary("Greater", size, zero), g.Binary("Greater", length, zero));
            return own * g.Where(both, size / length, one);
        });
        range.Values -= update * range.Rate();
    }
}
