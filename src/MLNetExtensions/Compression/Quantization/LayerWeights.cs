using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>A layer whose products can be computed in 8 bits: its input, its weight, and the weight's axis of output channels.</summary>
/// <param name="Node">A Conv, Gemm or MatMul.</param>
/// <param name="Weight">Its constant weight.</param>
/// <param name="Axis">The axis of the output channels.</param>
/// <param name="Bias">Its constant bias, a value for each channel; null if it has none.</param>
internal sealed record LayerWeights(OnnxNode Node, OnnxTensor Weight, int Axis, OnnxTensor? Bias)
{
    /// <summary>The layer's name: its node's, or its output's where that has none.</summary>
    public string Name => Node.Label;

    public string Input => Node.Inputs[0];

    public string Output => Node.Outputs[0];

    public int Channels => (int)Weight.Shape[Axis];

    /// <summary>The number of weights after one another that are of the same output channel.</summary>
    public int InnerSize => (int)Weight.Shape.Skip(Axis + 1).Aggregate(1L, (product, size) => product * size);

    /// <summary>True if a name in the options refers to this layer.</summary>
    public bool IsNamed(string name) => Node.IsNamed(name);

    /// <summary>Throws where there is no layer, or where options name one that is not there.</summary>
    /// <exception cref="InvalidOperationException">There is no layer.</exception>
    /// <exception cref="ArgumentException">A name is that of none.</exception>
    public static void CheckNames(IReadOnlyList<LayerWeights> layers, IEnumerable<string> named, OnnxGraph graph, string kinds)
    {
        if (layers.Count == 0)
            throw new InvalidOperationException(
                $"The graph '{graph.Name}' has no layer to quantize: no {kinds} of a constant float weight. Its operators are "
                    + $"{string.Join(", ", graph.Nodes.Select(n => n.OpType).Distinct())}."
            );
        if (named.FirstOrDefault(name => !layers.Any(l => l.IsNamed(name))) is { } unknown)
            throw NamedLayers.Unknown(nameof(QuantizeOptions.NodesToExclude), unknown, graph, layers.Select(l => l.Node));
    }

    /// <summary>The layer of a node; null if it is none whose products ONNX Runtime does in 8 bits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">Finds its weights.</param>
    public static LayerWeights? Of(OnnxNode node, GraphIndex index)
    {
        if (OperatorTable.Find(node)?.Int8 != Int8Rule.Weighted)
            return null;
        if (index.Constant(node, 1) is not { ElementType: OnnxElementType.Float } weight || index.Constant(node, 0) is not null)
            return null;
        bool fits = node.OpType switch
        {
            "Conv" => true,
            "Gemm" => node.Int("transA", 0) == 0 && node.Float("alpha", 1) == 1 && (node.Float("beta", 1) == 1 || !node.HasInput(2)),
            _ => weight.Shape.Count == 2,
        };
        int axis = node.OpType == "Conv" || node.Int("transB", 0) != 0 ? 0 : 1;
        if (!fits)
            return null;
        OnnxTensor? bias = index.Constant(node, 2);
        if (node.HasInput(2) && (bias is null || bias.Count != weight.Shape[axis]))
            return null;
        return new LayerWeights(node, weight, axis, bias);
    }
}
