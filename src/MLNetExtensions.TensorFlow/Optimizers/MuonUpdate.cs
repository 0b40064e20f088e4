using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Optimizers;

/// <summary>Muon: momentum whose matrices are made orthogonal by Newton-Schulz iterations.</summary>
internal static class MuonUpdate
{
    public static void Apply(Muon rule, UpdateRange range)
    {
        range.Decay(rule);
        Symbol momentum = range["momentum"] += (range.Gradients - range["momentum"]) * (1 - rule.Momentum);
        Symbol updates = rule.Nesterov ? range.Gradients + (momentum - range.Gradients) * rule.Momentum : momentum;
        TensorFlowGraph g = range.Graph;
        range.Values -=
            range.PerParameter(part =>
            {
                // The order of the columns does not matter: orthogonalizing commutes with it. A kernel's rows, its outputs, are stored
                // last.
                long rows = part.Shape[0],
                    columns = part.Count / rows;
                Symbol own = range.Part(updates, part);
                Symbol matrix = part.IsKernel ? g.Transpose(g.Reshape(own, columns, rows), 1, 0) : g.Reshape(own, rows, columns);
                Symbol update = Orthogonalize(matrix, rule.Iterations) * Math.Sqrt(Math.Max(1, (double)rows / columns));
                return g.Reshape(part.IsKernel ? g.Transpose(update, 1, 0) : update, part.Count);
            }) * range.Rate();
    }

    /// <summary>The nearest half-orthogonal matrix, about: the quintic iteration of the authors' code.</summary>
    private static Symbol Orthogonalize(Symbol matrix, int iterations)
    {
        const double a = 3.4445f,
            b = -4.7750f,
            c = 2.0315f;
        TensorFlowGraph g = matrix.Graph;
        bool tall = matrix.Shape[0] > matrix.Shape[1];
        Symbol x = matrix / (g.Norm(matrix) + 1e-7);
        if (tall)
            x = g.Transpose(x, 1, 0);
        for (int i = 0; i < iterations; i++)
        {
            Symbol square = g.MatMul(x, x, transposeB: true);
            Symbol polynomial = g.MatMul(square, square) * c + square * b;
            x = g.MatMul(polynomial, x) + x * a;
        }
        return tall ? g.Transpose(x, 1, 0) : x;
    }
}
