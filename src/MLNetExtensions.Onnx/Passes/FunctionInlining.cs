using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Puts the nodes of the file's own functions where they are called, as some exporters write a function for each operator of theirs. A
/// function of another version of an operator set than the graph's stays a call.
/// </summary>
internal static class FunctionInlining
{
    // Functions may call functions; none calls itself.
    private const int MaxNesting = 64;

    public static OnnxGraph Apply(OnnxGraph graph)
    {
        if (graph.Functions.Count == 0)
            return graph;
        var functions = new Dictionary<(string Domain, string Name, string Overload), FunctionProto>();
        foreach (FunctionProto function in graph.Functions)
            functions[(function.Domain, function.Name, function.Overload)] = function;
        var opsets = new Dictionary<string, int>(graph.Opsets);
        var names = new ValueNames(graph);
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
            Add(node, depth: 0);
        bool isCalled = nodes.Exists(n => functions.ContainsKey((n.Domain, n.OpType, n.Overload)));
        return graph with { Opsets = opsets, Nodes = nodes, Functions = isCalled ? graph.Functions : [] };

        void Add(OnnxNode node, int depth)
        {
            if (depth > 0)
                WellFormed.Check(node);
            if (depth == MaxNesting)
                throw new OnnxFormatException(
                    $"The graph '{graph.Name}': the function of node {node.Describe()} calls functions more than {MaxNesting} deep."
                );
            if (
                !functions.TryGetValue((node.Domain, node.OpType, node.Overload), out FunctionProto? function)
                || !TryImport(function, opsets)
            )
            {
                nodes.Add(node);
                return;
            }
            foreach (OnnxNode inner in Body(function, node, names))
                Add(inner, depth + 1);
        }
    }

    private static bool TryImport(FunctionProto function, Dictionary<string, int> opsets)
    {
        foreach (OperatorSetIdProto opset in function.OpsetImport)
            if (opsets.TryGetValue(OnnxReader.Domain(opset.Domain), out int version) && version != opset.Version)
                return false;
        foreach (OperatorSetIdProto opset in function.OpsetImport)
            opsets[OnnxReader.Domain(opset.Domain)] = (int)opset.Version;
        return true;
    }

    private static IEnumerable<OnnxNode> Body(FunctionProto function, OnnxNode call, ValueNames names)
    {
        var renamed = new Dictionary<string, string>();
        for (int i = 0; i < function.Input.Count; i++)
            renamed[function.Input[i]] = call.HasInput(i) ? call.Inputs[i] : "";
        OnnxNode[] body =
        [
            .. function.Node.Select(n =>
                OnnxReader.ReadNode(n) with
                {
                    Attributes = Attributes(n, function, call).ToDictionary(a => a.Name),
                }
            ),
        ];
        return InlinedBody.Of(body, function.Output, call, renamed, names);
    }

    /// <summary>A node's attributes; those that stand for an attribute of the call have its value, or the function's default.</summary>
    private static IEnumerable<OnnxAttribute> Attributes(NodeProto node, FunctionProto function, OnnxNode call)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.RefAttrName.Length == 0)
            {
                yield return new OnnxAttribute(attribute);
                continue;
            }
            AttributeProto? given = call.Attributes.TryGetValue(attribute.RefAttrName, out OnnxAttribute? value)
                ? value.Proto
                : function.AttributeProto.FirstOrDefault(a => a.Name == attribute.RefAttrName);
            if (given is null)
                continue;
            AttributeProto copy = given.Clone();
            copy.Name = attribute.Name;
            yield return new OnnxAttribute(copy);
        }
    }
}
