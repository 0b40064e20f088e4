using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Adadelta like torch.optim.Adadelta.</summary>
internal static class AdadeltaUpdate
{
    public static void Apply(Adadelta rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol square = range.Follow("square", rule.Decay, g.Square(range.Gradients));
        Symbol update = g.Sqrt(range["square_update"] + rule.Epsilon) * g.Rsqrt(square + rule.Epsilon) * range.Gradients;
        range.Follow("square_update", rule.Decay, g.Square(update));
        range.Values -= update * range.Rate();
    }
}
