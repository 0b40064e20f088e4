using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Adam and AdamW as torch.optim has them, AMSGrad included.</summary>
internal static class AdamUpdate
{
    public static void Apply(AdamOptimizer rule, UpdateRange range)
    {
        TensorFlowGraph g = range.Graph;
        if (rule.IsDecoupled)
            range.Decay(rule);
        else
            range.AddDecay(rule);
        Symbol mean = range.Follow("mean", rule.Beta1, range.Gradients),
            square = range.Follow("square", rule.Beta2, g.Square(range.Gradients));
        if (rule.AmsGrad)
            square = range["largest_square"] = g.Maximum(range["largest_square"], square);
        // The corrections of both means moved into two numbers: rate and epsilon.
        Symbol rate = range.Scalar((step, rate) => rate * Math.Sqrt(1 - Math.Pow(rule.Beta2, step)) / (1 - Math.Pow(rule.Beta1, step)));
        Symbol epsilon = range.Scalar((step, _) => rule.Epsilon * Math.Sqrt(1 - Math.Pow(rule.Beta2, step)));
        range.Values -= mean * rate / (g.Sqrt(square) + epsilon);
    }
}
