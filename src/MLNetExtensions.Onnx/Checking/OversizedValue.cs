using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Checking;

/// <summary>
/// Finds values that a graph makes far larger than what it is given: a file of some bytes can ask a runtime for all the memory of a
/// machine (Expand, Tile, Pad, Resize ...).
/// </summary>
internal static class OversizedValue
{
    // 256 MB of floats, whatever the input.
    private const long AlwaysAllowed = 64 << 20;

    // Layers of 64 channels at the resolution of the input.
    private const long TimesInput = 64;

    /// <exception cref="OnnxFormatException">A node makes such a value; the message names it.</exception>
    public static void Check(OnnxGraph graph)
    {
        if (graph.OpenInput is not null)
            return;
        graph = FunctionInlining.Apply(graph);
        long[][] shapes = graph.StatedInputShapes()!;
        var walk = new LoweringWalk(graph, _ => true, weightsChange: false);
        for (int i = 0; i < shapes.Length; i++)
            walk.AddInput(graph.Inputs[i], shapes[i]);
        long allowed = Math.Max(AlwaysAllowed, TimesInput * shapes.Sum(s => TensorCheck.CountOf(s) ?? 0));
        foreach (OnnxNode node in graph.Nodes)
        {
            try
            {
                walk.LowerSource(node);
            }
            catch (OnnxFormatException)
            {
                // What does not fit is the runtime's to say; what follows from it is not known.
                walk.Skip(node);
            }
            foreach (string output in node.Outputs)
                if (walk.Values.Types.TryGetValue(walk.Values.Resolve(output), out TensorType? type) && type.Count > allowed)
                    throw new OnnxFormatException(
                        $"Node {node.Describe()} of the graph '{graph.Name}' makes {type}, {type.Count} values; its inputs let expect "
                            + $"{allowed} at most."
                    );
            // There it ends the process.
            if (
                node.OpType is "GRU" or "LSTM" or "RNN"
                && walk.Values.Types.TryGetValue(walk.Values.Resolve(node.Inputs[0]), out TensorType? sequence)
                && sequence.Count == 0
            )
                throw new OnnxFormatException(
                    $"Node {node.Describe()} of the graph '{graph.Name}' reads {sequence}, a sequence without a value; ONNX Runtime needs one."
                );
        }
    }
}
