using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>Muon as its author's muon.py: momentum, Newton-Schulz, and a factor for tall matrices.</summary>
internal sealed class MuonUpdate(Muon rule, ParameterRange range) : RangeUpdate
{
    private readonly Tensor _momentum = range.Slot("momentum");

    public override void Apply(long step, float learningRate)
    {
        Decay(rule, range, learningRate);
        _momentum.lerp_(range.Gradients, 1 - rule.Momentum);
        Tensor updates = rule.Nesterov ? range.Gradients.lerp_(_momentum, rule.Momentum) : _momentum;
        foreach (ParameterPart part in range.Parts)
        {
            using IDisposable scope = torch.NewDisposeScope();
            long columns = part.Count / part.Rows;
            // The order of the columns does not matter: orthogonalizing commutes with it.
            Tensor update = Orthogonalize(updates.narrow(0, part.Start, part.Count).view(part.Rows, columns), rule.Iterations);
            double scale = Math.Sqrt(Math.Max(1, (double)part.Rows / columns));
            range.Values.narrow(0, part.Start, part.Count).view(part.Rows, columns).add_(update, -learningRate * scale);
        }
    }

    /// <summary>
    /// A matrix with the singular vectors of the given one and singular values near 1 (0.7 to 1.2): a quintic Newton-Schulz iteration.
    /// </summary>
    internal static Tensor Orthogonalize(Tensor matrix, int iterations)
    {
        const float a = 3.4445f,
            b = -4.7750f,
            c = 2.0315f;
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = matrix.div(matrix.norm().add_(1e-7f));
        if (tall)
            x = x.t();
        for (int i = 0; i < iterations; i++)
        {
            Tensor square = x.matmul(x.t());
            Tensor polynomial = square.matmul(square).mul_(c).add_(square, b);
            x = polynomial.matmul(x).add_(x, a);
        }
        return tall ? x.t() : x;
    }
}
