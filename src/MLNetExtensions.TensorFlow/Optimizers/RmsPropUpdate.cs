using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>RMSprop like torch.optim.RMSprop.</summary>
internal static class RmsPropUpdate
{
    public static void Apply(RmsProp rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol square = range.Follow("square", rule.Decay, g.Square(range.Gradients));
        if (rule.Centered)
            square -= g.Square(range.Follow("mean", rule.Decay, range.Gradients));
        Symbol update = range.Gradients / (g.Sqrt(square) + rule.Epsilon);
        if (rule.Momentum != 0)
            update = range["momentum"] = range["momentum"] * rule.Momentum + update;
        range.Values -= update * range.Rate();
    }
}
