using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>An operator between rows 'x' and values 'out', which become floats, and what is to be found of its rows.</summary>
internal sealed record RowCase(string Name, RowVerdict Verdict, long[] RowShape, OnnxNode[] Nodes, params OnnxTensor[] Constants)
{
    public int Opset { get; init; } = 17;

    /// <summary>The operators that the case is about.</summary>
    public IEnumerable<(string Domain, string OpType)> Operators => Nodes.Select(n => (n.Domain, n.OpType));

    public OnnxGraph ToGraph() =>
        new()
        {
            IrVersion = 10,
            Opsets = new Dictionary<string, int>
            {
                [""] = Opset,
                ["com.microsoft"] = 1,
                ["ai.onnx.ml"] = 3,
            },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, [-1, .. RowShape])],
            Outputs = [new OnnxValue("y", OnnxElementType.Float, null)],
            Nodes =
            [
                .. Nodes.Select((n, i) => n with { Name = $"{n.OpType}{i}" }),
                OnnxNode.Create("Cast", ["out"], ["y"], OnnxAttribute.Of("to", (long)OnnxElementType.Float)),
            ],
            Initializers = Constants.ToDictionary(c => c.Name),
        };

    public override string ToString() => Name;
}
