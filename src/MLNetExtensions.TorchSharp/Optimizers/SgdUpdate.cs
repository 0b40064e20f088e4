using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>SGD like torch.optim.SGD: L2 decay in the gradient, momentum, dampening (not at the first step), Nesterov.</summary>
internal sealed class SgdUpdate(Sgd rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor? _momentum = rule.Momentum != 0 ? range.Slot("momentum") : null;

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        if (_momentum is null)
        {
            range.Values.add_(gradients, -learningRate);
            return;
        }
        _momentum.mul_(rule.Momentum).add_(gradients, step == 1 ? 1 : 1 - rule.Dampening);
        range.Values.add_(rule.Nesterov ? gradients.add_(_momentum, rule.Momentum) : _momentum, -learningRate);
    }
}
