using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Lion (arXiv 2302.06675).</summary>
internal static class LionUpdate
{
    public static void Apply(Lion rule, UpdateRange range)
    {
        range.Decay(rule);
        range.Values -= range.Graph.Sign(range["mean"] * rule.Beta1 + range.Gradients * (1 - rule.Beta1)) * range.Rate();
        range.Follow("mean", rule.Beta2, range.Gradients);
    }
}
