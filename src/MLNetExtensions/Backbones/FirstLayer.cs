using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The convolution that reads a network's images, and the nodes between them: normalization, another layout or type, padding.
/// </summary>
/// <param name="Conv">The convolution.</param>
/// <param name="Weight">Its weights, [outputs, channels / groups, height, width].</param>
/// <param name="Path">The nodes before it, from the input on, each the only reader of what is before it.</param>
internal sealed record FirstLayer(OnnxNode Conv, OnnxTensor Weight, IReadOnlyList<OnnxNode> Path)
{
    /// <summary>The number of channels that the convolution reads.</summary>
    public int Channels => (int)(Weight.Shape[1] * Conv.Int("group", 1));

    /// <summary>Finds it; null if the images' first layer is none, or its weights are no initializer.</summary>
    /// <param name="graph">A network with one input.</param>
    public static FirstLayer? Find(OnnxGraph graph)
    {
        var index = new GraphIndex(graph);
        var path = new List<OnnxNode>();
        string value = graph.Inputs[0].Name;
        while (index.OnlyReader(value) is { } node)
        {
            if (node.OpType == "Conv")
                return node.Inputs[0] == value && index.Constant(node, 1) is { Shape.Count: 4 } weight
                    ? new FirstLayer(node, weight, path)
                    : null;
            if (
                node.OpType
                is not (
                    "Identity"
                    or "Cast"
                    or "Dropout"
                    or "Transpose"
                    or "Pad"
                    or "Add"
                    or "Sub"
                    or "Mul"
                    or "Div"
                    or "BatchNormalization"
                )
            )
                return null;
            path.Add(node);
            value = node.Outputs[0];
        }
        return null;
    }
}
