using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Turns a normalization with trainable scale and bias into the bare normalization, a Mul and an Add, so that a gradient of each can be
/// told by example.
/// </summary>
internal static class SeparateAffine
{
    private static readonly HashSet<string> Normalizations =
    [
        "GroupNormalization",
        "InstanceNormalization",
        "LayerNormalization",
        "BatchNormalization",
    ];

    /// <param name="lowered">The graph.</param>
    /// <param name="trainable">The names of the trainable parameters.</param>
    public static LoweredGraph Apply(LoweredGraph lowered, IReadOnlySet<string> trainable)
    {
        var nodes = new List<OnnxNode>();
        var initializers = new Dictionary<string, OnnxTensor>(lowered.Graph.Initializers);
        var types = new Dictionary<string, TensorType>(lowered.Types);
        foreach (OnnxNode node in lowered.Graph.Nodes)
        {
            if (
                node.Domain.Length > 0
                || !Normalizations.Contains(node.OpType)
                || !(trainable.Contains(node.Inputs[1]) || (node.HasInput(2) && trainable.Contains(node.Inputs[2])))
            )
            {
                nodes.Add(node);
                continue;
            }
            string output = node.Outputs[0];
            TensorType type = lowered.Types[output];
            string[] inputs = [.. node.Inputs];
            inputs[1] = Constant($"{output}/one", types[node.Inputs[1]].Shape, 1);
            bool hasBias = node.HasInput(2);
            if (hasBias)
                inputs[2] = Constant($"{output}/zero", types[node.Inputs[2]].Shape, 0);
            string bare = $"{output}/normalized",
                scaled = hasBias ? $"{output}/scaled" : output;
            types[bare] = types[scaled] = type;
            nodes.Add(node with { Inputs = inputs, Outputs = [bare, .. node.Outputs.Skip(1)] });
            nodes.Add(OnnxNode.Create("Mul", [bare, Aligned(node.Inputs[1])], [scaled]));
            if (hasBias)
                nodes.Add(OnnxNode.Create("Add", [scaled, Aligned(node.Inputs[2])], [output]));

            string Aligned(string parameter)
            {
                // LayerNormalization's end where the values do; the others' lie along the channels.
                if (node.OpType == "LayerNormalization" || type.Shape.Length <= 2)
                    return parameter;
                long[] shape = [types[parameter].Shape[0], .. Enumerable.Repeat(1L, type.Shape.Length - 2)];
                string name = $"{output}/{parameter}";
                OnnxTensor sizes = OnnxTensor.FromInt64s($"{name}/shape", [shape.Length], shape);
                initializers[sizes.Name] = sizes;
                types[sizes.Name] = new TensorType(OnnxElementType.Int64, [shape.Length]);
                types[name] = new TensorType(types[parameter].ElementType, shape);
                nodes.Add(OnnxNode.Create("Reshape", [parameter, sizes.Name], [name]));
                return name;
            }
        }
        return new LoweredGraph(lowered.Graph with { Nodes = nodes, Initializers = initializers }, types);

        string Constant(string name, long[] shape, float value)
        {
            var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
            Array.Fill(values, value);
            initializers[name] = OnnxTensor.FromFloats(name, shape, values);
            types[name] = new TensorType(OnnxElementType.Float, shape);
            return name;
        }
    }
}
