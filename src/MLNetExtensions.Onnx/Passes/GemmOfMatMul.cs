using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Writes a MatMul of rows with a constant matrix, and the Add of a constant bias behind it, as one Gemm: the form that has a kernel for
/// weights of 8 bits.
/// </summary>
internal static class GemmOfMatMul
{
    /// <summary>The graph with Gemms where the rows are known to have two dimensions.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        var index = new GraphIndex(graph);
        (OnnxNode MatMul, OnnxNode Add, string Bias)[] pairs =
        [
            .. graph.Nodes.Select(n => Pair(n, index)).OfType<(OnnxNode, OnnxNode, string)>(),
        ];
        if (pairs.Length == 0 || graph.OpenInput is not null)
            return graph;
        LoweringValues values = GraphLowering.Evaluate(graph);
        var gemms = new Dictionary<OnnxNode, OnnxNode?>(ReferenceEqualityComparer.Instance);
        foreach ((OnnxNode product, OnnxNode add, string bias) in pairs)
        {
            if (!values.Types.TryGetValue(values.Resolve(product.Inputs[0]), out TensorType? type) || type.Shape.Length != 2)
                continue;
            gemms[product] = OnnxNode.Create("Gemm", [.. product.Inputs, bias], add.Outputs) with { Name = product.Name };
            gemms[add] = null;
        }
        return gemms.Count == 0
            ? graph
            : graph with
            {
                Nodes = [.. graph.Nodes.Select(n => gemms.TryGetValue(n, out OnnxNode? gemm) ? gemm : n).OfType<OnnxNode>()],
            };
    }

    private static (OnnxNode MatMul, OnnxNode Add, string Bias)? Pair(OnnxNode node, GraphIndex index)
    {
        if (
            node is not { OpType: "MatMul", Domain: "" }
            || index.Constant(node, 1) is not { Shape.Count: 2 } weight
            || index.OnlyReader(node.Outputs[0]) is not { OpType: "Add", Domain: "" } add
        )
            return null;
        int other = add.Inputs[0] == node.Outputs[0] ? 1 : 0;
        return index.Constant(add, other) is { } bias && bias.Count == weight.Shape[1] && bias.Shape.Count == 1
            ? (node, add, bias.Name)
            : null;
    }
}
