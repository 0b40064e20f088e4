using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>Short forms of the nodes that <see cref="ColumnGraph"/>s are made of.</summary>
internal readonly struct GraphNodes(ColumnGraph graph)
{
    /// <summary>Adds a node without attributes.</summary>
    public string Add(string opType, params string[] inputs) => graph.Nodes.Add(opType, inputs);

    /// <summary>Changes the type of the elements.</summary>
    public string Cast(string value, OnnxElementType type) => graph.Nodes.Add("Cast", [value], OnnxAttribute.Of("to", (long)type));
}
