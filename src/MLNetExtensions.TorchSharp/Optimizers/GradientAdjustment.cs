using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>
/// The changes to the gradients between the backward pass and the optimizer: penalties, then clipping by value, then by norm.
/// </summary>
internal sealed class GradientAdjustment(TrainingSessionOptions options, ParameterStore parameters)
{
    public void Apply()
    {
        if (options is { L1: 0, L2: 0, ClipGradientValue: null, ClipGradientNorm: null })
            return;
        using IDisposable scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        if (options is not { L1: 0, L2: 0 })
            foreach (OptimizerGroup group in parameters.Groups)
                AddPenalties(group);
        Tensor gradients = parameters.Gradients;
        // As torch.nn.utils.clip_grad_value_ and clip_grad_norm_.
        if (options.ClipGradientValue is { } value)
            gradients.clamp_(-value, value);
        if (options.ClipGradientNorm is { } largest && gradients.norm().item<float>() is var norm && norm > largest)
            gradients.mul_(largest / (norm + 1e-6f));
    }

    private void AddPenalties(OptimizerGroup group)
    {
        float scale = group.Rule.Scale.WeightDecay;
        if (scale == 0)
            return;
        Tensor values = parameters.Values.narrow(0, group.Start, group.Length),
            gradients = parameters.Gradients.narrow(0, group.Start, group.Length);
        if (options.L1 != 0)
            gradients.add_(values.sign(), options.L1 * scale);
        if (options.L2 != 0)
            gradients.add_(values, 2 * options.L2 * scale);
    }
}
