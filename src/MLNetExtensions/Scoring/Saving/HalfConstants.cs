using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>Writes constants of 16-bit floats as Constant nodes: ML.NET's ONNX transformer refuses a model with an initializer of a type that is no column type.</summary>
internal static class HalfConstants
{
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        OnnxTensor[] halves = [.. graph.Initializers.Values.Where(t => t.ElementType is OnnxElementType.Float16 or OnnxElementType.BFloat16)];
        return halves.Length == 0 ? graph : graph with
        {
            Nodes = [.. halves.Select(t => OnnxNode.Create("Constant", [], [t.Name], OnnxAttribute.Of("value", t)) with { Name = "" }), .. graph.Nodes],
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers.Where(i => !halves.Contains(i.Value))),
        };
    }
}
