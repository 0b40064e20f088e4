using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Operators;

/// <summary>Writes the nodes that replace one node. Each is lowered at once, so that the types of its outputs are known.</summary>
internal sealed class SubgraphBuilder(LoweringValues values, Action<OnnxNode, int> lower, OnnxNode source)
{
    /// <summary>The facts known about the graph's values.</summary>
    public LoweringValues Values => values;

    private string Prefix => source.Outputs.First(o => o.Length > 0);

    /// <summary>The type of a value.</summary>
    public TensorType Type(string value) => values.Types[values.Resolve(value)];

    /// <summary>The sizes of a value.</summary>
    public long[] Shape(string value) => Type(value).Shape;

    /// <summary>Adds a node with one new output.</summary>
    public string Add(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string output = values.NewName(Prefix);
        AddTo([output], opType, inputs, attributes);
        return output;
    }

    /// <summary>Adds a node with <paramref name="count"/> new outputs.</summary>
    public string[] AddMany(int count, string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string[] outputs = [.. Enumerable.Range(0, count).Select(_ => values.NewName(Prefix))];
        AddTo(outputs, opType, inputs, attributes);
        return outputs;
    }

    /// <summary>Adds the node that makes the outputs of the replaced node.</summary>
    public void Finish(string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        AddTo(source.Outputs, opType, inputs, attributes);

    /// <summary>Adds a node that makes given values.</summary>
    public void AddTo(IReadOnlyList<string> outputs, string opType, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        lower(OnnxNode.Create(opType, inputs, outputs, attributes) with { Name = source.Name }, OnnxGraph.MaximumOpset);

    /// <summary>Adds a changed copy of the replaced node.</summary>
    public void Replace(OnnxNode node) => lower(node, OnnxGraph.MaximumOpset);

    /// <summary>A constant number of the element type of another value.</summary>
    public string Scalar(double value, string like) => Filled(value, like, []);

    /// <summary>A constant of one number throughout, of the element type of another value.</summary>
    public string Filled(double value, string like, params long[] shape) =>
        Constant(FilledTensor.Of("", shape, Numbers.FromDoubles("", Type(like).ElementType, [1], [value])));

    /// <summary>A constant list of integers.</summary>
    public string Ints(params long[] values) => Constant(OnnxTensor.FromInt64s("", [values.Length], values));

    /// <summary>A constant integer.</summary>
    public string Int(long value) => Constant(OnnxTensor.FromInt64s("", [], [value]));

    /// <summary>A constant.</summary>
    public string Constant(OnnxTensor tensor)
    {
        string name = values.NewName(Prefix);
        values.AddConstant(tensor.Rename(name));
        return name;
    }
}
