using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adam and AdamW as torch.optim's: bias-corrected moments, L2 or decoupled decay, AMSGrad.</summary>
internal sealed class AdamOptimizer : FlatOptimizer
{
    private readonly Adam _rule;
    private readonly Tensor[] _mean, _square, _scratch;
    private readonly Tensor[]? _largestSquare;

    public AdamOptimizer(Adam rule, ParameterStore parameters) : base(rule, parameters)
    {
        _rule = rule;
        _mean = Slot("mean");
        _square = Slot("square");
        _scratch = CreateScratch();
        _largestSquare = rule.AmsGrad ? Slot("largest_square") : null;
    }

    protected override void Update(int group, Tensor values, Tensor gradients, float learningRate, float weightDecayScale)
    {
        if (_rule.WeightDecay * weightDecayScale is var decay and not 0)
        {
            if (_rule is AdamW)
                values.mul_(1 - learningRate * decay);
            else
                gradients.add_(values, decay);
        }
        _mean[group].mul_(_rule.Beta1).add_(gradients, 1 - _rule.Beta1);
        _square[group].mul_(_rule.Beta2).addcmul_(gradients, gradients, 1 - _rule.Beta2);
        Tensor square = _square[group];
        if (_largestSquare?[group] is { } largest)
            square = largest.copy_(torch.maximum(largest, square));

        double meanCorrection = 1 - Math.Pow(_rule.Beta1, Steps);
        double squareCorrection = 1 - Math.Pow(_rule.Beta2, Steps);
        Tensor denominator = _scratch[group].copy_(square).sqrt_().mul_(1 / Math.Sqrt(squareCorrection)).add_(_rule.Epsilon);
        values.addcdiv_(_mean[group], denominator, -learningRate / meanCorrection);
    }
}
