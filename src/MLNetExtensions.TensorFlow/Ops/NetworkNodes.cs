using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>The kernels of a lowered network's nodes, one after another.</summary>
internal static class NetworkNodes
{
    /// <summary>Adds them.</summary>
    /// <param name="values">The inputs and weights; gets what the nodes make.</param>
    /// <param name="lowered">The network.</param>
    /// <param name="nodes">Those of its nodes that are needed.</param>
    /// <param name="outputs">The values that are read outside the nodes.</param>
    /// <param name="variables">The names of the initializers that change.</param>
    /// <param name="pass">The kind of pass.</param>
    /// <param name="guard">Gets places between the nodes; null for a run that comes to its end.</param>
    /// <param name="runtime">The subject of the message where something is not supported.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public static void AddTo(
        ProgramValues values,
        LoweredGraph lowered,
        IReadOnlyList<OnnxNode> nodes,
        IEnumerable<string> outputs,
        IReadOnlySet<string> variables,
        PassKind pass,
        StepGuard? guard = null,
        string runtime = "The TensorFlow runtime"
    )
    {
        HashSet<string> read = [.. nodes.SelectMany(n => n.Inputs), .. outputs];
        var unsupported = new List<(OnnxNode, string)>();
        foreach (OnnxNode node in nodes)
        {
            if (OpRegistry.Find(node, lowered.Graph.Opset) is not { } registration)
            {
                unsupported.Add((node, "no such operator here"));
                continue;
            }
            // Once a node is missing the others are only asked what else is.
            try
            {
                if (unsupported.Count > 0 && !node.Inputs.All(i => i.Length == 0 || values.Has(i)))
                    continue;
                values.Add(node, new OpCompilation(node, lowered, variables, read, values, pass), registration);
                guard?.After(node, lowered, values);
            }
            catch (UnsupportedOpException error)
            {
                unsupported.Add((node, error.Message));
            }
        }
        if (unsupported.Count > 0)
            throw new UnsupportedOpsException(runtime, lowered.Graph, unsupported);
    }
}
