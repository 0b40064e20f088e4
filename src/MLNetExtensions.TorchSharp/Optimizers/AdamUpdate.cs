using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adam and AdamW as torch.optim's: bias-corrected moments, L2 or decoupled decay, AMSGrad.</summary>
internal sealed class AdamUpdate(Adam rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"), _square = range.Slot("square"), _scratch = range.CreateScratch();
    private readonly Tensor? _largestSquare = rule.AmsGrad ? range.Slot("largest_square") : null;

    public override void Apply(long step, float learningRate)
    {
        if (rule is AdamW)
            Decay(rule, range, learningRate);
        else
            AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _square.mul_(rule.Beta2).addcmul_(gradients, gradients, 1 - rule.Beta2);
        Tensor square = _largestSquare is null ? _square : _largestSquare.copy_(torch.maximum(_largestSquare, _square));

        double meanCorrection = 1 - Math.Pow(rule.Beta1, step);
        double squareCorrection = 1 - Math.Pow(rule.Beta2, step);
        Tensor denominator = _scratch.copy_(square).sqrt_().mul_(1 / Math.Sqrt(squareCorrection)).add_(rule.Epsilon);
        range.Values.addcdiv_(_mean, denominator, -learningRate / meanCorrection);
    }
}
