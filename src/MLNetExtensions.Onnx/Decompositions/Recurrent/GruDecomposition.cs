using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.Recurrent;

/// <summary>
/// GRU: gates in the order update, reset, candidate; linear_before_reset (PyTorch's form) resets after the matrix product.
/// </summary>
internal sealed class GruDecomposition() : RecurrentDecomposition("GRU", 3, "Sigmoid", "Tanh")
{
    protected override (IReadOnlyList<string> Hidden, string Cell) Unroll(RecurrentDirection direction, OnnxNode node)
    {
        bool resetAfter = node.Int("linear_before_reset", 0) != 0;
        SubgraphBuilder build = direction.Build;
        long size = direction.HiddenSize;
        string[] x = direction.Cut(
            direction.Linear(direction.X, direction.W, resetAfter ? direction.InputBias : direction.SumBiases()),
            1,
            2 * size,
            size
        );
        string[]? r = resetAfter ? null : direction.Cut(direction.R, 0, 2 * size, size);
        string hidden = direction.Hidden;
        var states = new List<string>();
        foreach ((string gateInput, string candidateInput) in direction.InOrder(x[0]).Zip(direction.InOrder(x[1])))
        {
            string gates,
                candidate;
            if (r is null)
            {
                string[] recurrent = direction.Cut(direction.Linear(hidden, direction.R, direction.RecurrentBias), 1, 2 * size, size);
                gates = build.Add("Add", [gateInput, recurrent[0]]);
                candidate = recurrent[1];
            }
            else
            {
                gates = direction.Linear(hidden, r[0], gateInput);
                candidate = hidden;
            }
            string[] updateReset = direction.Cut(build.Add(direction.Activations[0], [gates]), 1, size, size);
            candidate = build.Add("Mul", [updateReset[1], candidate]);
            candidate = r is null ? build.Add("Add", [candidateInput, candidate]) : direction.Linear(candidate, r[1], candidateInput);
            candidate = build.Add(direction.Activations[1], [candidate]);
            // (1 - z) * candidate + z * hidden
            hidden = build.Add("Add", [candidate, build.Add("Mul", [updateReset[0], build.Add("Sub", [hidden, candidate])])]);
            states.Add(hidden);
        }
        return (states, hidden);
    }
}
