using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>SGD as torch.optim.SGD: L2 decay in the gradient, momentum, dampening (not at the first step), Nesterov.</summary>
internal sealed class SgdOptimizer : FlatOptimizer
{
    private readonly Sgd _rule;
    private readonly Tensor[]? _momentum;

    public SgdOptimizer(Sgd rule, ParameterStore parameters) : base(rule, parameters)
    {
        _rule = rule;
        _momentum = rule.Momentum != 0 ? Slot("momentum") : null;
    }

    protected override void Update(int group, Tensor values, Tensor gradients, float learningRate, float weightDecayScale)
    {
        if (_rule.WeightDecay * weightDecayScale is var decay and not 0)
            gradients.add_(values, decay);
        if (_momentum?[group] is not { } momentum)
        {
            values.add_(gradients, -learningRate);
            return;
        }
        momentum.mul_(_rule.Momentum).add_(gradients, Steps == 1 ? 1 : 1 - _rule.Dampening);
        values.add_(_rule.Nesterov ? gradients.add_(momentum, _rule.Momentum) : momentum, -learningRate);
    }
}
