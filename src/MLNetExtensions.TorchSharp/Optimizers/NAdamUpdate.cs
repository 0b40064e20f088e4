using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>NAdam as torch.optim.NAdam.</summary>
internal sealed class NAdamUpdate(NAdam rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"), _square = range.Slot("square"), _scratch = range.CreateScratch();
    private long _productStep;
    private double _product = 1;

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        double product = ProductOfMomentums(step), momentum = MomentumAt(step), next = MomentumAt(step + 1);
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _square.mul_(rule.Beta2).addcmul_(gradients, gradients, 1 - rule.Beta2);
        _scratch.copy_(_square).mul_(1 / (1 - Math.Pow(rule.Beta2, step))).sqrt_().add_(rule.Epsilon);
        range.Values.addcdiv_(gradients, _scratch, -learningRate * (1 - momentum) / (1 - product));
        range.Values.addcdiv_(_mean, _scratch, -learningRate * next / (1 - product * next));
    }

    private double MomentumAt(long step) => rule.Beta1 * (1 - 0.5 * Math.Pow(0.96, step * (double)rule.MomentumDecay));

    /// <summary>The product of the momentums up to a step. It follows from the step, so it is no state; it is only kept from step to step.</summary>
    private double ProductOfMomentums(long step)
    {
        if (step <= _productStep)
            (_productStep, _product) = (0, 1);
        while (_productStep < step && _product > 0)
            _product *= MomentumAt(++_productStep);
        _productStep = step;
        return _product;
    }
}
