using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Penalties and clipping, which an update applies to the gradients before its rule.</summary>
internal static class GradientAdjustment
{
    public static Symbol Apply(TrainingSessionOptions options, ParameterLayout layout, Symbol values, Symbol gradients)
    {
        TensorFlowGraph g = gradients.Graph;
        if (options is not { L1: 0, L2: 0 })
        {
            gradients = g.Concat(
                [
                    .. layout.Groups.Select(group =>
                    {
                        float scale = group.Rule.Scale.WeightDecay;
                        Symbol own = g.Narrow(values, 0, group.Start, group.Length),
                            gradient = g.Narrow(gradients, 0, group.Start, group.Length);
                        if (options.L1 * scale != 0)
                            gradient += g.Sign(own) * (options.L1 * scale);
                        return options.L2 * scale != 0 ? gradient + own * (2 * options.L2 * scale) : gradient;
                    }),
                ],
                0
            );
        }
        // As torch.nn.utils.clip_grad_value_ and clip_grad_norm_.
        if (options.ClipGradientValue is { } value)
            gradients = g.Maximum(g.Minimum(gradients, g.Scalar(value, DataType.Float)), g.Scalar(-value, DataType.Float));
        if (options.ClipGradientNorm is { } largest)
            gradients *= g.Minimum(largest / (g.Norm(gradients) + 1e-6), g.Scalar(1, DataType.Float));
        return gradients;
    }
}
