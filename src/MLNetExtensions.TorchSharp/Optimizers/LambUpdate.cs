using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>LAMB, algorithm 2 of arXiv 1904.00962v5: one trust ratio a parameter.</summary>
internal sealed class LambUpdate(Lamb rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"),
        _square = range.Slot("square"),
        _scratch = range.CreateScratch(),
        _update = range.CreateScratch();

    public override void Apply(long step, float learningRate)
    {
        Tensor gradients = range.Gradients;
        _mean.mul_(rule.Beta1).add_(gradients, 1 - rule.Beta1);
        _square.mul_(rule.Beta2).addcmul_(gradients, gradients, 1 - rule.Beta2);
        _scratch.copy_(_square).mul_(1 / (1 - Math.Pow(rule.Beta2, step))).sqrt_().add_(rule.Epsilon);
        _update.copy_(_mean).mul_(1 / (1 - Math.Pow(rule.Beta1, step))).div_(_scratch);
        if (rule.WeightDecay * range.Scale.WeightDecay is var decay and not 0)
            _update.add_(range.Values, decay);
        foreach (ParameterPart part in range.Parts)
        {
            using Tensor values = range.Values.narrow(0, part.Start, part.Count),
                update = _update.narrow(0, part.Start, part.Count);
            using Tensor valueNorm = values.norm(),
                updateNorm = update.norm();
            double size = valueNorm.item<float>(),
                length = updateNorm.item<float>();
            // As the authors' code: without a norm, as biases at the start, the update is taken as it is.
            double trust = size > 0 && length > 0 ? size / length : 1;
            values.add_(update, -learningRate * trust);
        }
    }
}
