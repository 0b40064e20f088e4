using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>NAdam like torch.optim.NAdam.</summary>
internal sealed class NAdamUpdate(NAdam rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"),
        _square = range.Slot("square"),
        _scratch = range.CreateScratch();
    private readonly MomentumSchedule _momentums = new(rule);

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        double product = _momentums.ProductTo(step),
            momentum = _momentums.At(step),
            next = _momentums.At(step + 1);
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _square.mul_(rule.Beta2).addcmul_(gradients, gradients, 1 - rule.Beta2);
        _scratch.copy_(_square).mul_(1 / (1 - Math.Pow(rule.Beta2, step))).sqrt_().add_(rule.Epsilon);
        range.Values.addcdiv_(gradients, _scratch, -learningRate * (1 - momentum) / (1 - product));
        range.Values.addcdiv_(_mean, _scratch, -learningRate * next / (1 - product * next));
    }
}
