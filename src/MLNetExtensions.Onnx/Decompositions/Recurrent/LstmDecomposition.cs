using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.Recurrent;

/// <summary>LSTM: gates in the order input, output, forget, cell.</summary>
internal sealed class LstmDecomposition() : RecurrentDecomposition("LSTM", 4, "Sigmoid", "Tanh", "Tanh")
{
    protected override (IReadOnlyList<string> Hidden, string Cell) Unroll(RecurrentDirection direction, OnnxNode node)
    {
        if (node.Int("input_forget", 0) != 0)
            throw new UnsupportedNodeException("input_forget is not supported");
        SubgraphBuilder build = direction.Build;
        long size = direction.HiddenSize;
        string[]? peepholes = direction.Peepholes is { } p ? direction.Cut(p, 0, size, size, size) : null;
        (string hidden, string cell) = (direction.Hidden, direction.Cell);
        var states = new List<string>();
        foreach (string x in direction.InOrder(direction.Linear(direction.X, direction.W, direction.SumBiases())))
        {
            string[] parts = direction.Cut(direction.Linear(hidden, direction.R, x), 1, 3 * size, size);
            string previous = cell;
            string candidate = build.Add(direction.Activations[1], [parts[1]]);
            string[] gates = peepholes is null
                ? direction.Cut(Gate(parts[0]), 1, size, size, size)
                : direction.Cut(parts[0], 1, size, size, size);
            string input = peepholes is null ? gates[0] : Gate(Peep(gates[0], 0, previous));
            string forget = peepholes is null ? gates[2] : Gate(Peep(gates[2], 2, previous));
            cell = build.Add("Add", [build.Add("Mul", [forget, previous]), build.Add("Mul", [input, candidate])]);
            string output = peepholes is null ? gates[1] : Gate(Peep(gates[1], 1, cell));
            hidden = build.Add("Mul", [output, build.Add(direction.Activations[2], [cell])]);
            states.Add(hidden);
        }
        return (states, cell);

        string Gate(string value) => build.Add(direction.Activations[0], [value]);

        string Peep(string gate, int index, string value) => build.Add("Add", [gate, build.Add("Mul", [peepholes[index], value])]);
    }
}
