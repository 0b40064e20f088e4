using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Adagrad like torch.optim.Adagrad.</summary>
internal static class AdagradUpdate
{
    public static void Apply(Adagrad rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol square = range["square"] += g.Square(range.Gradients);
        range.Values -=
            range.Gradients
            / (g.Sqrt(square) + rule.Epsilon)
            * range.Scalar((step, rate) => rate / (1 + (step - 1) * (double)rule.RateDecay));
    }
}
