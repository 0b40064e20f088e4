using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Adadelta like torch.optim.Adadelta.</summary>
internal sealed class AdadeltaUpdate(Adadelta rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _square = range.Slot("square"),
        _squareUpdate = range.Slot("square_update"),
        _scratch = range.CreateScratch();

    public override void Apply(long step, float learningRate)
    {
        AddDecay(rule, range);
        Tensor gradients = range.Gradients;
        _square.mul_(rule.Decay).addcmul_(gradients, gradients, 1 - rule.Decay);
        // sqrt(square_update + eps) / sqrt(square + eps) * gradient
        Tensor update = _scratch.copy_(_square).add_(rule.Epsilon).rsqrt_().mul_(gradients);
        gradients.copy_(_squareUpdate).add_(rule.Epsilon).sqrt_().mul_(update);
        _squareUpdate.mul_(rule.Decay).addcmul_(gradients, gradients, 1 - rule.Decay);
        range.Values.add_(gradients, -learningRate);
    }
}
