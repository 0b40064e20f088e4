using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Ops on each element, and those that change nothing when scoring.</summary>
internal static class ElementwiseImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [
            .. Simple("Relu", "Relu"),
            .. Simple("Sigmoid", "Sigmoid"),
            .. Simple("Tanh", "Tanh"),
            .. Simple("Elu", "Elu"),
            .. Simple("Softplus", "Softplus"),
            .. Simple("Exp", "Exp"),
            .. Simple("Log", "Log"),
            .. Simple("Sqrt", "Sqrt"),
            .. Simple("Neg", "Neg"),
            .. Simple("Abs", "Abs"),
            .. Simple("Floor", "Floor"),
            .. Simple("Erf", "Erf"),
            .. Simple("Softsign", "Softsign"),
            .. Simple("Reciprocal", "Reciprocal"),
            .. Simple("Selu", "Selu"),
            new(
                "LeakyRelu",
                (g, n, x) => Map(n, x[0], v => g.Emit("LeakyRelu", n.Name, [v], OnnxAttribute.Of("alpha", n.Float("alpha", 0.2f))), g)
            ),
            new("Relu6", (g, n, x) => Map(n, x[0], v => g.Emit("Clip", n.Name, [v, Scalar(g, n, x[0], 0), Scalar(g, n, x[0], 6)]), g)),
            new("Rsqrt", (g, n, x) => Map(n, x[0], v => g.Emit("Reciprocal", n.Name, [g.Emit("Sqrt", n.Name + "/sqrt", [v])]), g)),
            new("Square", (g, n, x) => Map(n, x[0], v => g.Emit("Mul", n.Name, [v, v]), g)),
            new("Cast", Cast),
            .. Binary("Add", "Add"),
            .. Binary("AddV2", "Add"),
            .. Binary("Sub", "Sub"),
            .. Binary("Mul", "Mul"),
            .. Binary("RealDiv", "Div"),
            .. Binary("Pow", "Pow"),
            .. Binary("Maximum", "Max"),
            .. Binary("Minimum", "Min"),
            .. Binary("FloorDiv", ""),
            .. Binary("BiasAdd", "Add"),
            new(
                "SquaredDifference",
                (g, n, x) =>
                {
                    ImportedValue difference = Two(g, n, x, "Sub", n.Name + "/difference");
                    return [difference with { Name = g.Emit("Mul", n.Name, [difference.Name, difference.Name]) }];
                }
            ),
            new("AddN", (g, n, x) => [x.Aggregate((a, b) => Two(g, n, [a, b], "Add", n.Name))]),
            new("ClipByValue", (g, n, x) => Map(n, x[0], v => g.Emit("Clip", n.Name, [v, g.Plain(x[1]), g.Plain(x[2])]), g)),
        ];

    private static IEnumerable<KeyValuePair<string, ImportOp>> Simple(string type, string onnx) =>
        [new(type, (g, n, x) => Map(n, x[0], v => g.Emit(onnx, n.Name, [v]), g))];

    private static IEnumerable<KeyValuePair<string, ImportOp>> Binary(string type, string onnx) =>
        [new(type, (g, n, x) => [Two(g, n, x, onnx, n.Name)])];

    private static string Scalar(GraphImport g, ImportNode node, ImportedValue like, float value) =>
        like.Type == OnnxElementType.Float
            ? g.Add(OnnxTensor.FromFloats(node.Name + "/bound", [], [value]))
            : throw node.Error($"is imported for 32-bit floats only, not {like.Type}.");

    private static ImportedValue[] Map(ImportNode node, ImportedValue x, Func<string, string> emit, GraphImport g) =>
        [new ImportedValue(emit(x.ChannelsFirst ? x.Name : g.Plain(x)), x.Type, x.Shape) { ChannelsFirst = x.ChannelsFirst }];

    private static ImportedValue Two(GraphImport g, ImportNode node, ImportedValue[] x, string onnx, string name)
    {
        if (node.Op == "BiasAdd" && node.Text("data_format", "NHWC") == "NCHW" && x[1].Constant is { } bias)
            x = [x[0], x[1] with { Name = x[1].Name + "/first", Constant = bias.Reshape([bias.Count, 1, 1]), Shape = [bias.Count, 1, 1] }];
        long[] shape = ImportOps.Broadcast(node, x[0].Shape, x[1].Shape);
        // Sizes are computed here; all else in ONNX.
        if (x[0].Ints is { } a && x[1].Ints is { } b)
        {
            long[] values =
            [
                .. Enumerable
                    .Range(0, Math.Max(a.Length, b.Length))
                    .Select(i => Number(node, a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i])),
            ];
            return new ImportedValue(name, x[0].Type, shape) { Ints = values };
        }
        if (onnx.Length == 0)
            throw node.Error("is imported only where it computes sizes.");
        bool image = x[0].ChannelsFirst || x[1].ChannelsFirst;
        if (image && shape.Length > 4)
            throw node.Error("more than 4 dimensions.");
        string[] inputs = [image ? g.Image(x[0]) : g.Plain(x[0]), image ? g.Image(x[1]) : g.Plain(x[1])];
        return new ImportedValue(g.Emit(onnx, name, inputs), x[0].Type, shape) { ChannelsFirst = image };
    }

    private static long Number(ImportNode node, long a, long b)
    {
        if (ImportedValue.IsOpen(a) || ImportedValue.IsOpen(b))
            return ImportedValue.Computed;
        return node.Op switch
        {
            "Add" or "AddV2" => a + b,
            "Sub" => a - b,
            "Mul" => a * b,
            "FloorDiv" => b != 0 ? (long)Math.Floor((double)a / b) : throw node.Error("divides by zero."),
            "Maximum" => Math.Max(a, b),
            "Minimum" => Math.Min(a, b),
            _ => throw node.Error("is not imported for integers."),
        };
    }

    private static ImportedValue[] Cast(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        OnnxElementType type =
            TensorReading.TypeOf(node.Type("DstT")) ?? throw node.Error($"type number {node.Type("DstT")} is not known.");
        if (x[0].Ints is not null && type is OnnxElementType.Int32 or OnnxElementType.Int64)
            return [new ImportedValue(node.Name, type, x[0].Shape) { Ints = x[0].Ints }];
        return type == x[0].Type
            ? [x[0]]
            : [Map(node, x[0], v => g.Emit("Cast", node.Name, [v], OnnxAttribute.Of("to", (long)type)), g)[0] with { Type = type }];
    }
}
