using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>A node on its way to the opset beside its own, and the nodes that take its place.</summary>
/// <param name="node">The node.</param>
/// <param name="version">The opset whose change is taken back, or made.</param>
/// <param name="isDown">True if it is taken back.</param>
/// <param name="graph">The facts known about the graph.</param>
/// <param name="nodes">Receives the nodes.</param>
internal sealed class NodeConversion(OnnxNode node, int version, bool isDown, GraphConversion graph, List<OnnxNode> nodes)
{
    public OnnxNode Node => node;

    public GraphConversion Graph => graph;

    /// <summary>The error for a node that the other opset has no form for.</summary>
    public OnnxFormatException Impossible(string why) =>
        new($"Node {node.Describe()} {(isDown ? "needs" : "has no form of")} opset {version}: {why}.");

    /// <summary>The element type of a value.</summary>
    /// <exception cref="OnnxFormatException">It is not known.</exception>
    public OnnxElementType ElementType(string value) =>
        graph.ElementType(value)
        ?? throw Impossible(
            $"the element type of '{value}' is not known, and without it no older form can be written; give the model's inputs fixed sizes"
        );

    /// <summary>The number of dimensions of a value.</summary>
    /// <exception cref="OnnxFormatException">It is not known.</exception>
    public int Rank(string value) =>
        graph.Rank(value)
        ?? throw Impossible(
            $"the number of dimensions of '{value}' is not known, and without it no older form can be written; give the model's inputs "
                + $"fixed sizes"
        );

    /// <summary>The integers of an input that must be constant; null if it is not given.</summary>
    /// <exception cref="OnnxFormatException">They depend on the data.</exception>
    public long[]? Ints(int input) =>
        !node.HasInput(input)
            ? null
            : (
                graph.Constant(node.Inputs[input])
                ?? throw Impossible($"its input '{node.Inputs[input]}' depends on the data, and was a constant attribute before")
            ).ToInt64s();

    /// <summary>Adds the node, unchanged or changed.</summary>
    public void Keep(OnnxNode changed) => nodes.Add(changed);

    /// <summary>Takes the node without some of its attributes.</summary>
    public void KeepWithout(params string[] attributes) => Keep(node.Without(attributes));

    /// <summary>Adds a node.</summary>
    /// <returns>The name of its output.</returns>
    public string Add(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string output = graph.NewName($"{Prefix}/{opType}");
        AddTo(output, opType, inputs, attributes);
        return output;
    }

    /// <summary>Adds the node that makes an output of the replaced node. Without a name: ONNX Runtime wants those to be unique.</summary>
    public void AddTo(string output, string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        nodes.Add(OnnxNode.Create(opType, inputs, [output], attributes) with { Name = "" });

    /// <summary>Adds the node that makes the only output of the replaced node, and has its name.</summary>
    public void Finish(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        nodes.Add(OnnxNode.Create(opType, inputs, [node.Outputs[0]], attributes) with { Name = node.Name });

    /// <summary>A constant list of integers.</summary>
    public string Ints(string name, params long[] values) =>
        graph.Add(OnnxTensor.FromInt64s("", [values.Length], values), $"{Prefix}/{name}");

    /// <summary>A constant number of an element type.</summary>
    public string Scalar(double value, OnnxElementType type) => Filled(value, type, []);

    /// <summary>A constant of one number throughout.</summary>
    public string Filled(double value, OnnxElementType type, params long[] shape) =>
        graph.Add(FilledTensor.Of("", shape, Numbers.FromDoubles("", type, [1], [value])), $"{Prefix}/constant");

    /// <summary>A value in another element type.</summary>
    public string Cast(string value, OnnxElementType from, OnnxElementType to) =>
        from == to ? value : Add("Cast", [value], OnnxAttribute.Of("to", (long)to));

    private string Prefix => node.Outputs.First(o => o.Length > 0);
}
