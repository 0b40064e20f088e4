namespace MLNetExtensions.Onnx.Decompositions.Recurrent;

/// <summary>RNN: one layer of units that read their own last output.</summary>
internal sealed class RnnDecomposition() : RecurrentDecomposition("RNN", 1, "Tanh")
{
    protected override (IReadOnlyList<string> Hidden, string Cell) Unroll(RecurrentDirection direction, OnnxNode node)
    {
        string hidden = direction.Hidden;
        var states = new List<string>();
        foreach (string x in direction.InOrder(direction.Linear(direction.X, direction.W, direction.SumBiases())))
        {
            hidden = direction.Build.Add(direction.Activations[0], [direction.Linear(hidden, direction.R, x)]);
            states.Add(hidden);
        }
        return (states, hidden);
    }
}
