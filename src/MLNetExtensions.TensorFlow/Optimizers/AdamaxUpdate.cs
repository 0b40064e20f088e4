using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Adamax like torch.optim.Adamax.</summary>
internal static class AdamaxUpdate
{
    public static void Apply(Adamax rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        range.AddDecay(rule);
        Symbol mean = range.Follow("mean", rule.Beta1, range.Gradients);
        Symbol maximum = range["maximum"] = g.Maximum(range["maximum"] * rule.Beta2, g.Abs(range.Gradients) + rule.Epsilon);
        range.Values -= mean / maximum * range.Scalar((step, rate) => rate / (1 - Math.Pow(rule.Beta1, step)));
    }
}
