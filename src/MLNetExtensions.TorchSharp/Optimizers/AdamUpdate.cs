using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adam and AdamW as torch.optim's: bias-corrected moments, L2 or decoupled decay, AMSGrad.</summary>
internal sealed class AdamUpdate : RangeUpdate
{
    private readonly AdamOptimizer _rule;
    private readonly ParameterRange _range;
    private readonly Tensor _mean,
        _square;
    private readonly Tensor? _largestSquare,
        _scratch;

    /// <param name="rule">The settings.</param>
    /// <param name="range">The parameters.</param>
    /// <param name="singlePass">True if the processor does it in one pass over memory; null if it can.</param>
    public AdamUpdate(AdamOptimizer rule, ParameterRange range, bool? singlePass = null)
    {
        _rule = rule;
        _range = range;
        _mean = range.Slot("mean");
        _square = range.Slot("square");
        _largestSquare = rule.AmsGrad ? range.Slot("largest_square") : null;
        bool onProcessor =
            range.Values.device.type == DeviceType.CPU && range.Values.numel() <= int.MaxValue / sizeof(float) && !rule.AmsGrad;
        _scratch = singlePass ?? onProcessor ? null : range.CreateScratch();
    }

    public override void Apply(long step, float learningRate)
    {
        double meanCorrection = 1 - Math.Pow(_rule.Beta1, step),
            squareCorrection = 1 - Math.Pow(_rule.Beta2, step);
        if (_scratch is null)
        {
            float decay = _rule.WeightDecay * _range.Scale.WeightDecay;
            bool decoupled = _rule.IsDecoupled;
            AdamPass.Run(
                _range.Values,
                _range.Gradients,
                _mean,
                _square,
                new AdamPass.Factors(
                    _rule.Beta1,
                    _rule.Beta2,
                    _rule.Epsilon,
                    decoupled ? 0 : decay,
                    decoupled ? 1 - learningRate * decay : 1,
                    (float)(learningRate / meanCorrection),
                    (float)(1 / Math.Sqrt(squareCorrection))
                )
            );
            return;
        }
        if (_rule.IsDecoupled)
            Decay(_rule, _range, learningRate);
        else
            AddDecay(_rule, _range);
        Tensor gradients = _range.Gradients;
        _mean.mul_(_rule.Beta1).add_(gradients, 1 - _rule.Beta1);
        _square.mul_(_rule.Beta2).addcmul_(gradients, gradients, 1 - _rule.Beta2);
        Tensor square = _largestSquare is null ? _square : _largestSquare.copy_(torch.maximum(_largestSquare, _square));
        Tensor denominator = _scratch.copy_(square).sqrt_().mul_(1 / Math.Sqrt(squareCorrection)).add_(_rule.Epsilon);
        _range.Values.addcdiv_(_mean, denominator, -learningRate / meanCorrection);
    }
}
