using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.Recurrent;

/// <summary>
/// Recurrent layers are unrolled, as the number of steps is known: one matrix product of all steps with the input weights, then a chain of
/// small ones with the recurrent weights.
/// </summary>
/// <param name="opType">The operator.</param>
/// <param name="gates">The number of gates that its weights hold.</param>
/// <param name="activations">Its default activations, for one direction.</param>
internal abstract class RecurrentDecomposition(string opType, int gates, params string[] activations) : NodeRewrite(opType)
{
    private static readonly string[] KnownActivations = ["Relu", "Sigmoid", "Softplus", "Softsign", "Tanh"];

    /// <summary>The states after each step, in the order in which they are computed, and an LSTM's last cell.</summary>
    protected abstract (IReadOnlyList<string> Hidden, string Cell) Unroll(RecurrentDirection direction, OnnxNode node);

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        bool batchFirst = node.Node.Int("layout", 0) != 0;
        string x = batchFirst ? build.Add("Transpose", [node.Node.Inputs[0]], OnnxAttribute.Of("perm", 1, 0, 2)) : node.Node.Inputs[0];
        (long steps, long batch, long features) = (build.Shape(x)[0], build.Shape(x)[1], build.Shape(x)[2]);
        (int directions, long hidden) = Check(node, steps, batch, features);
        string rows = build.Add("Reshape", [x, build.Ints(steps * batch, features)]);
        string[] names = Activations(node, directions);

        string?[] w = Parts(node, build, 1, directions);
        string?[] r = Parts(node, build, 2, directions);
        string?[] bias = Parts(node, build, 3, directions);
        string?[] initialHidden = Parts(node, build, 5, directions, batchFirst ? 1 : 0);
        string?[] initialCell = Parts(node, build, 6, directions, batchFirst ? 1 : 0);
        string?[] peepholes = Parts(node, build, 7, directions);
        string zeros = build.Filled(0, x, batch, hidden);

        var all = new List<string>();
        var last = new List<string>();
        var cells = new List<string>();
        for (int i = 0; i < directions; i++)
        {
            string[]? biases = bias[i] is { } both
                ? build.AddMany(2, "Split", [both, build.Ints(gates * hidden, gates * hidden)], OnnxAttribute.Of("axis", 0))
                : null;
            var direction = new RecurrentDirection
            {
                Build = build,
                X = rows,
                W = w[i]!,
                R = r[i]!,
                InputBias = biases?[0],
                RecurrentBias = biases?[1],
                Peepholes = peepholes[i],
                Hidden = initialHidden[i] ?? zeros,
                Cell = initialCell[i] ?? zeros,
                Activations = names[(i * activations.Length)..((i + 1) * activations.Length)],
                Steps = steps,
                HiddenSize = hidden,
                IsReverse = i == 1 || node.Node.String("direction", "forward") == "reverse",
            };
            (IReadOnlyList<string> states, string cell) = Unroll(direction, node.Node);
            last.Add(build.Add("Reshape", [states[^1], build.Ints(1, batch, hidden)]));
            cells.Add(build.Add("Reshape", [cell, build.Ints(1, batch, hidden)]));
            string sequence = build.Add("Concat", [.. direction.IsReverse ? states.Reverse() : states], OnnxAttribute.Of("axis", 0));
            all.Add(build.Add("Reshape", [sequence, build.Ints(steps, 1, batch, hidden)]));
        }
        Give(0, all, 1, [2, 0, 1, 3]);
        Give(1, last, 0, [1, 0, 2]);
        Give(2, cells, 0, [1, 0, 2]);

        void Give(int output, List<string> parts, int axis, long[] batchFirstOrder)
        {
            if (!node.Node.HasOutput(output))
                return;
            string[] outputs = [node.Node.Outputs[output]];
            if (batchFirst)
                build.AddTo(
                    outputs,
                    "Transpose",
                    [build.Add("Concat", parts, OnnxAttribute.Of("axis", axis))],
                    OnnxAttribute.Of("perm", batchFirstOrder)
                );
            else
                build.AddTo(outputs, "Concat", parts, OnnxAttribute.Of("axis", axis));
        }
    }

    private (int Directions, long Hidden) Check(LoweringNode node, long steps, long batch, long features)
    {
        if (node.Node.Float("clip", 0) != 0)
            throw new UnsupportedNodeException("clip is not supported");
        if (node.HasInput(4) && node.RequiredInts(4).Any(length => length != steps))
            throw new UnsupportedNodeException($"sequence_lens shorter than the {steps} steps of the input are not supported");
        string mode = node.Node.String("direction", "forward");
        int directions = mode switch
        {
            "forward" or "reverse" => 1,
            "bidirectional" => 2,
            _ => throw node.Malformed($"direction is '{mode}'"),
        };
        long hidden = node.Shape(2)[2];
        if (
            !node.Shape(1).AsSpan().SequenceEqual([directions, gates * hidden, features])
            || !node.Shape(2).AsSpan().SequenceEqual([directions, gates * hidden, hidden])
        )
            throw node.Malformed(
                $"W and R are not [{directions}, {gates * hidden}, {features}] and [{directions}, {gates * hidden}, {hidden}]"
            );
        if (node.HasInput(3) && !node.Shape(3).AsSpan().SequenceEqual([directions, 2 * gates * hidden]))
            throw node.Malformed($"B is not [{directions}, {2 * gates * hidden}]");
        foreach (int state in new[] { 5, 6 })
            if (node.HasInput(state) && node.Type(state).Count != directions * batch * hidden)
                throw node.Malformed(
                    $"the initial state (input {state}) does not fit {directions} direction(s), {batch} rows and {hidden} units"
                );
        if (steps == 0 || batch == 0)
            throw node.Malformed("the input is empty");
        return (directions, hidden);
    }

    private string[] Activations(LoweringNode node, int directions)
    {
        string[] given =
            node.Node.Attributes.TryGetValue("activations", out OnnxAttribute? attribute)
            && attribute.Value is string[] { Length: > 0 } list
                ? list
                : [.. Enumerable.Repeat(activations, directions).SelectMany(a => a)];
        if (given.Length != directions * activations.Length)
            throw node.Malformed($"it has {given.Length} activations, expected {directions * activations.Length}");
        return
        [
            .. given.Select(name =>
                Array.Find(KnownActivations, known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new UnsupportedNodeException($"the activation {name} is not supported")
            ),
        ];
    }

    /// <summary>Splits an input into its part for each direction; the parts are null where the input is not given.</summary>
    private static string?[] Parts(LoweringNode node, SubgraphBuilder build, int input, int directions, int axis = 0)
    {
        if (!node.HasInput(input))
            return new string?[directions];
        string[] parts =
            directions == 1
                ? [node.Node.Inputs[input]]
                : build.AddMany(
                    directions,
                    "Split",
                    [node.Node.Inputs[input], build.Ints([.. Enumerable.Repeat(1L, directions)])],
                    OnnxAttribute.Of("axis", axis)
                );
        return [.. parts.Select(part => build.Add("Squeeze", [part, build.Ints(axis)]))];
    }
}
