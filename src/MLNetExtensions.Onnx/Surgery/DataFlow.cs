using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>
/// Finds the values of a graph that change with the images. Weights, constants, and values computed from shapes alone do not.
/// </summary>
internal sealed class DataFlow
{
    private readonly HashSet<string> _data;

    public DataFlow(OnnxGraph graph)
    {
        _data = [.. graph.Inputs.Select(i => i.Name)];
        foreach (OnnxNode node in graph.Nodes)
        {
            if (!MeasuresOnly(node) && InnerGraphs.Reads(node).Any(_data.Contains))
                _data.UnionWith(node.Outputs.Where(o => o.Length > 0));
            foreach (string output in node.Outputs.Where(o => o.Length > 0))
                Producers[output] = node;
        }
    }

    /// <summary>True if a node reads only the shape of its input.</summary>
    public static bool MeasuresOnly(OnnxNode node) => node is { OpType: "Shape" or "Size", Domain: "" };

    /// <summary>The node that makes each value.</summary>
    public Dictionary<string, OnnxNode> Producers { get; } = [];

    public bool IsData(string value) => _data.Contains(value);

    /// <summary>The inputs of a node that change with the images.</summary>
    public IEnumerable<string> DataInputs(OnnxNode node) => node.Inputs.Where(_data.Contains);
}
