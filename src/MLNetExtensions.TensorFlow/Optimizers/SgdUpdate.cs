using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>SGD like torch.optim.SGD: L2 decay in the gradient, momentum, dampening (not at the first step), Nesterov.</summary>
internal static class SgdUpdate
{
    public static void Apply(Sgd rule, UpdateRange range)
    {
        range.AddDecay(rule);
        Symbol update = range.Gradients;
        if (rule.Momentum != 0)
        {
            Symbol gradients =
                rule.Dampening == 0 ? range.Gradients : range.Gradients * range.Scalar((step, _) => step == 1 ? 1 : 1 - rule.Dampening);
            Symbol momentum = range["momentum"] = range["momentum"] * rule.Momentum + gradients;
            update = rule.Nesterov ? range.Gradients + momentum * rule.Momentum : momentum;
        }
        range.Values -= update * range.Rate();
    }
}
