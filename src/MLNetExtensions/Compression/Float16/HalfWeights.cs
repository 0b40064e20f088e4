using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Compression.Float16;

/// <summary>Stores weights as 16-bit floats behind a Cast, which a runtime does once when it loads the model.</summary>
internal static class HalfWeights
{
    /// <summary>The largest 16-bit float.</summary>
    public const float Largest = 65504;

    /// <summary>The number of values below which a Cast takes more space than it saves.</summary>
    private const int Worthwhile = 64;

    public static OnnxGraph Apply(OnnxGraph graph, List<string> warnings)
    {
        var names = new ValueNames(graph);
        var casts = new List<OnnxNode>();
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach ((string name, OnnxTensor tensor) in graph.Initializers)
        {
            if (tensor.ElementType != OnnxElementType.Float || tensor.Count < Worthwhile)
            {
                initializers[name] = tensor;
                continue;
            }
            string half = names.Take(name + "/h");
            initializers[half] = ToHalf(tensor, warnings).Rename(half);
            casts.Add(OnnxNode.Create("Cast", [half], [name], OnnxAttribute.Of("to", (long)OnnxElementType.Float)) with { Name = "" });
        }
        return graph with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            Nodes = [.. casts, .. graph.Nodes],
            Initializers = initializers,
        };
    }

    /// <summary>The tensor in 16 bits; values that are too large for it become the largest there are.</summary>
    public static OnnxTensor ToHalf(OnnxTensor tensor, List<string> warnings)
    {
        float[] values = tensor.ToFloats();
        int large = values.Count(v => Math.Abs(v) > Largest);
        if (large > 0)
            warnings.Add(
                $"{large} of {values.Length} values of '{tensor.Name}' are beyond the range of 16-bit floats and became {Largest}."
            );
        return Numbers.FromDoubles(
            tensor.Name,
            OnnxElementType.Float16,
            [.. tensor.Shape],
            Array.ConvertAll(values, v => (double)Math.Clamp(v, -Largest, Largest))
        );
    }
}
