using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TestData.Graphs;

namespace MLNetExtensions.Onnx.Tests.Decompositions;

/// <summary>A graph of one node: what it computes in ONNX Runtime must be what it computes after lowering with nothing native.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Opset">The opset of the graph.</param>
/// <param name="Inputs">The data inputs: random numbers of these shapes; null is an optional input that is not given.</param>
internal sealed record NodeCase(string OpType, int Opset, params long[]?[] Inputs)
{
    /// <summary>The node's attributes.</summary>
    public OnnxAttribute[] Attributes { get; init; } = [];

    /// <summary>Inputs by position that are initializers: axes, shapes, limits, labels.</summary>
    public Dictionary<int, OnnxTensor> Constants { get; init; } = [];

    /// <summary>How many outputs the node has.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Whether the data inputs are made positive, as logarithms need.</summary>
    public bool Positive { get; init; }

    /// <summary>Operators that are left as they are.</summary>
    public string[] Native { get; init; } = [];

    public OnnxGraph Graph(out Dictionary<string, OnnxTensor> values)
    {
        int count = Math.Max(Inputs.Length, Constants.Keys.DefaultIfEmpty(-1).Max() + 1);
        var names = new string[count];
        var initializers = new Dictionary<string, OnnxTensor>();
        values = [];
        for (int i = 0; i < count; i++)
        {
            names[i] = $"x{i}";
            if (Constants.TryGetValue(i, out OnnxTensor? constant))
                initializers.Add(names[i], constant.Rename(names[i]));
            else if (i < Inputs.Length && Inputs[i] is { } shape)
                values.Add(names[i], Values(names[i], i, shape));
            else
                names[i] = "";
        }
        string[] outputs = [.. Enumerable.Range(0, Outputs).Select(i => $"y{i}")];
        return new OnnxGraph
        {
            IrVersion = 8,
            Opsets = new Dictionary<string, int> { [""] = Opset },
            Inputs = [.. values.Values.Select(v => OnnxValue.Create(v.Name, v.ElementType, [.. v.Shape]))],
            Outputs = [.. outputs.Select(o => OnnxValue.Create(o, OnnxElementType.Float, []) with { Shape = null })],
            Nodes = [OnnxNode.Create(OpType, names, outputs, Attributes)],
            Initializers = initializers,
        };
    }

    /// <summary>Checks the lowering; gives the lowered graph.</summary>
    public LoweredGraph Check()
    {
        OnnxGraph graph = Graph(out Dictionary<string, OnnxTensor> values);
        return OrtRunner.CheckLowering(graph, values, node => Native.Contains(node.OpType));
    }

    public override string ToString()
    {
        IEnumerable<string> shapes = Inputs.Select(s => s is null ? "-" : $"[{string.Join(',', s)}]");
        IEnumerable<string> attributes = Attributes.Select(a =>
            $"{a.Name}={(a.Value is Array list ? string.Join(',', list.Cast<object>()) : a.Value)}"
        );
        return $"{OpType}-{Opset}({string.Join(' ', shapes)}) {string.Join(' ', attributes)}";
    }

    private OnnxTensor Values(string name, int seed, long[] shape)
    {
        OnnxTensor normal = DrawnTensor.Normal(name, seed, shape);
        return Positive ? OnnxTensor.FromFloats(name, shape, Array.ConvertAll(normal.ToFloats(), v => Math.Abs(v) + 0.1f)) : normal;
    }
}
