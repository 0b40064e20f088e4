using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adagrad like torch.optim.Adagrad.</summary>
internal sealed class AdagradUpdate(Adagrad rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _square = range.Slot("square"),
        _scratch = range.CreateScratch();

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        _square.addcmul_(range.Gradients, range.Gradients, 1);
        _scratch.copy_(_square).sqrt_().add_(rule.Epsilon);
        range.Values.addcdiv_(range.Gradients, _scratch, -learningRate / (1 + (step - 1) * rule.RateDecay));
    }
}
