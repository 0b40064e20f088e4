using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TensorFlow.Interchange.Ops;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>Translates a TensorFlow graph to ONNX.</summary>
internal static class GraphTranslation
{
    private static readonly string[] VariableOps = ["VarHandleOp", "VariableV2", "Variable", "ReadVariableOp"];

    /// <summary>Translates what outputs need.</summary>
    /// <param name="flat">The graph.</param>
    /// <param name="inputs">ONNX names and TensorFlow's values of the inputs.</param>
    /// <param name="outputs">ONNX names and TensorFlow's values of the outputs.</param>
    /// <param name="inputShape">The first input's sizes, or null for the file's.</param>
    /// <param name="read">Reads a variable by its node's name; null for a frozen graph, which has none.</param>
    /// <exception cref="TensorFlowFormatException">It cannot be translated; the message names the node.</exception>
    public static OnnxGraph Translate(
        FlatGraph flat,
        IReadOnlyList<(string Name, string Value)> inputs,
        IReadOnlyList<(string Name, string Value)> outputs,
        IReadOnlyList<long>? inputShape,
        Func<string, OnnxTensor>? read
    )
    {
        List<ImportNode> nodes = flat.Needed(outputs.Select(o => o.Value));
        HashSet<string> given = [.. inputs.Select(i => FlatGraph.NodeOf(i.Value))];
        ImportNode[] unsupported =
        [
            .. nodes.Where(n =>
                !given.Contains(n.Name) && ImportOps.Find(n.Op) is null && !(read is not null && VariableOps.Contains(n.Op))
            ),
        ];
        if (unsupported.Length > 0)
        {
            IEnumerable<string> lines = unsupported
                .GroupBy(n => n.Op)
                .OrderBy(o => o.Key, StringComparer.Ordinal)
                .Select(o =>
                    $"{o.Key} ({string.Join(", ", o.Take(5).Select(n => $"'{n.Name}'"))}{(o.Count() > 5 ? $" and {o.Count() - 5} more" : "")})"
                );
            throw new TensorFlowFormatException(
                $"The graph has ops that are not imported: {string.Join("; ", lines)}. Name another output, or an input behind them."
            );
        }

        var import = new GraphImport();
        foreach (ImportNode node in nodes)
        {
            int input = IndexOf(inputs, node.Name);
            ImportedValue[] made =
                input >= 0 ? [Input(import, node, inputs[input].Name, input == 0 ? inputShape : null)] : Results(import, node, read);
            if (Array.Find(made, v => !IsPossible(v.Shape)) is { } impossible)
                throw node.Error($"its output would have the shape [{string.Join(',', impossible.Shape)}], which no tensor can have.");
            for (int i = 0; i < made.Length; i++)
                import[$"{node.Name}:{i}"] = made[i];
        }
        if (import.Inputs.Count == 0)
            throw new TensorFlowFormatException(
                $"The output '{outputs[0].Name}' does not depend on the input '{inputs.FirstOrDefault().Name}'."
            );

        var results = new List<OnnxValue>();
        foreach ((string name, string value) in outputs)
        {
            ImportedValue result = import[flat.Resolve(value)];
            string source = result.ChannelsFirst ? result.Name : import.Plain(result);
            string output = source == name ? name : import.Emit("Identity", name, [source]);
            results.Add(OnnxValue.Create(output, result.Type, GraphImport.OnnxShape(result)));
        }
        var graph = new OnnxGraph
        {
            IrVersion = 10,
            Name = "tensorflow",
            Opsets = new Dictionary<string, int> { [""] = 21 },
            Inputs = import.Inputs,
            Outputs = results,
            Nodes = import.Nodes,
            Initializers = import.Initializers,
        };
        return RemoveUnused.Apply(ConstantFolding.Apply(graph));
    }

    /// <summary>True if a tensor may have these sizes, of which some may be open.</summary>
    private static bool IsPossible(long[] shape) =>
        new TensorType(OnnxElementType.Float, [.. shape.Select(s => s == -1 ? 1 : s)]).IsPossible;

    private static int IndexOf(IReadOnlyList<(string Name, string Value)> inputs, string node)
    {
        for (int i = 0; i < inputs.Count; i++)
            if (FlatGraph.NodeOf(inputs[i].Value) == node)
                return i;
        return -1;
    }

    private static ImportedValue Input(GraphImport import, ImportNode node, string name, IReadOnlyList<long>? given)
    {
        TensorShapeProto? stated = node.Attribute("shape")?.Shape;
        if (given is null && (stated is null || stated.UnknownRank))
            throw node.Error("the file does not tell the input's shape; set InputShape, as [-1, 224, 224, 3].");
        long[] shape = [.. given ?? stated!.Dim.Select(d => d.Size)];
        if (shape.Length > 0)
            (import.DeclaredBatch, shape[0]) = (shape[0], -1);
        OnnxElementType type = TensorReading.TypeOf(node.Type("dtype")) ?? throw node.Error("its element type has no counterpart in ONNX.");
        var value = new ImportedValue(import.Fresh(name), type, shape)
        {
            ChannelsFirst = shape.Length == 4 && (shape[3] is 1 or 3 or 4 || shape[1] is not (1 or 3 or 4)),
        };
        import.Inputs.Add(OnnxValue.Create(value.Name, type, GraphImport.OnnxShape(value)));
        return value;
    }

    private static ImportedValue[] Results(GraphImport import, ImportNode node, Func<string, OnnxTensor>? read)
    {
        ImportedValue[] inputs = [.. node.Inputs.Select(i => import[i])];
        if (node.Op == "VarHandleOp")
            return [new ImportedValue(node.Name, default, []) { Variable = node.Name }];
        if (node.Op is "ReadVariableOp")
            return [SourceImport.Constant(read!(inputs.FirstOrDefault()?.Variable ?? throw node.Error("reads no variable of the graph.")))];
        if (node.Op is "VariableV2" or "Variable")
            return [SourceImport.Constant(read!(node.Name))];
        try
        {
            return ImportOps.Find(node.Op)!(import, node, inputs);
        }
        catch (Exception error) when (NodeFault.Is(error) || error is OnnxFormatException)
        {
            throw new TensorFlowFormatException($"{node.Describe()}: its inputs or attributes do not fit the op.", error);
        }
    }
}
