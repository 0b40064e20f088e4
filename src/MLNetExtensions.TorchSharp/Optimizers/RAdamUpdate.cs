using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>RAdam like torch.optim.RAdam.</summary>
internal sealed class RAdamUpdate(RAdam rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"),
        _square = range.Slot("square"),
        _scratch = range.CreateScratch();

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _square.mul_(rule.Beta2).addcmul_(gradients, gradients, 1 - rule.Beta2);
        double meanCorrection = 1 - Math.Pow(rule.Beta1, step),
            power = Math.Pow(rule.Beta2, step),
            squareCorrection = 1 - power;
        // The length of the simple moving average that the exponential one is worth, at the end and now.
        double longest = 2 / (1 - (double)rule.Beta2) - 1,
            length = longest - 2 * step * power / squareCorrection;
        if (length <= 5)
        {
            range.Values.add_(_mean, -learningRate / meanCorrection);
            return;
        }
        double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        _scratch.copy_(_square).sqrt_().add_(rule.Epsilon);
        range.Values.addcdiv_(_mean, _scratch, -learningRate / meanCorrection * rectification * Math.Sqrt(squareCorrection));
    }
}
