using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Lion, algorithm 2 of arXiv 2302.06675.</summary>
internal sealed class LionUpdate(Lion rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _mean = range.Slot("mean"),
        _scratch = range.CreateScratch();

    public override void Apply(long step, float learningRate)
    {
        Decay(rule, range, learningRate);
        _scratch.copy_(_mean).mul_(rule.Beta1).add_(range.Gradients, 1 - rule.Beta1).sign_();
        range.Values.add_(_scratch, -learningRate);
        _mean.mul_(rule.Beta2).add_(range.Gradients, 1 - rule.Beta2);
    }
}
