using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp.Privacy;

/// <summary>The backward pass of DP-SGD: clipped gradients of single examples, summed, with noise.</summary>
internal sealed class PrivateStep(GradientPrivacy privacy, ParameterStore parameters)
{
    private readonly GaussianNoise _noise = new(privacy.NoiseSeed);

    /// <summary>Makes the flat gradients of a loss.</summary>
    /// <param name="program">The program, which has just run.</param>
    /// <param name="output">What it returned, with the batch in its first dimension.</param>
    /// <param name="counted">The number of rows that count; those behind them fill the batch.</param>
    public void Backward(CompiledProgram program, Tensor output, int counted)
    {
        using Tensor leaf = output.detach().requires_grad_();
        using (Tensor loss = program.Loss(leaf, 1))
            loss.backward();
        using Tensor gradient = leaf.grad!;
        long rows = output.shape[0];
        using Tensor factors = program.Examples!.SquaredNorms(output, gradient, rows).sqrt_().add_(GradientPrivacy.Epsilon).reciprocal_();
        factors.mul_(privacy.MaxGradientNorm).clamp_max_(1);
        if (counted < rows)
            factors.narrow(0, counted, rows - counted).zero_();
        parameters.Gradients.zero_();
        using Tensor scaled = gradient.mul(factors.reshape([rows, .. Enumerable.Repeat(1L, gradient.shape.Length - 1)]));
        torch.autograd.backward([output], [scaled]);
        AddNoise();
        using IDisposable noGradient = torch.no_grad();
        parameters.Gradients.div_(privacy.ExpectedBatchSize);
    }

    private void AddNoise()
    {
        if (privacy.NoiseMultiplier == 0)
            return;
        double deviation = (double)privacy.NoiseMultiplier * privacy.MaxGradientNorm;
        using IDisposable noGradient = torch.no_grad();
        foreach (string name in parameters.TrainableNames)
        {
            Tensor gradient = parameters.GradientOf(name);
            float[] values = new float[gradient.numel()];
            _noise.Fill(values, deviation);
            using Tensor noise = torch.tensor(values, gradient.shape, device: gradient.device);
            gradient.add_(noise);
        }
    }
}
