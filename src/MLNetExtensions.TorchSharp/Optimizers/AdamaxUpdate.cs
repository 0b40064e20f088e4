using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adamax like torch.optim.Adamax.</summary>
internal sealed class AdamaxUpdate(Adamax rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"),
        _maximum = range.Slot("maximum");

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _maximum.copy_(torch.maximum(_maximum.mul_(rule.Beta2), gradients.abs_().add_(rule.Epsilon)));
        range.Values.addcdiv_(_mean, _maximum, -learningRate / (1 - Math.Pow(rule.Beta1, step)));
    }
}
