using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>RMSprop like torch.optim.RMSprop.</summary>
internal sealed class RmsPropUpdate(RmsProp rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _square = range.Slot("square"),
        _scratch = range.CreateScratch();
    private readonly Tensor? _mean = rule.Centered ? range.Slot("mean") : null;
    private readonly Tensor? _momentum = rule.Momentum != 0 ? range.Slot("momentum") : null;

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        _square.mul_(rule.Decay).addcmul_(gradients, gradients, 1 - rule.Decay);
        _scratch.copy_(_square);
        if (_mean is not null)
        {
            _mean.mul_(rule.Decay).add_(gradients, 1 - rule.Decay);
            _scratch.addcmul_(_mean, _mean, -1);
        }
        _scratch.sqrt_().add_(rule.Epsilon);
        if (_momentum is null)
            range.Values.addcdiv_(gradients, _scratch, -learningRate);
        else
            range.Values.add_(_momentum.mul_(rule.Momentum).addcdiv_(gradients, _scratch, 1), -learningRate);
    }
}
