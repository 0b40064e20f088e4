using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>NAdam like torch.optim.NAdam.</summary>
internal static class NAdamUpdate
{
    public static void Apply(NAdam rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol mean = range.Follow("mean", rule.Beta1, range.Gradients),
            square = range.Follow("square", rule.Beta2, g.Square(range.Gradients));
        Symbol root = g.Sqrt(square * range.Scalar((step, _) => 1 / (1 - Math.Pow(rule.Beta2, step)))) + rule.Epsilon;
        var momentums = new MomentumSchedule(rule);
        Symbol now = range.Scalar((step, rate) => rate * (1 - momentums.At(step)) / (1 - momentums.ProductTo(step)));
        Symbol next = range.Scalar(
            (step, rate) => rate * momentums.At(step + 1) / (1 - momentums.ProductTo(step) * momentums.At(step + 1))
        );
        range.Values -= (range.Gradients * now + mean * next) / root;
    }
}
