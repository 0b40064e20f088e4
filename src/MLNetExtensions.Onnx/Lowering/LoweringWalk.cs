using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Decompositions;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Lowering;

/// <summary>
/// The state of one lowering: the facts known about values, the nodes made so far, and the nodes that could not be lowered.
/// </summary>
internal sealed class LoweringWalk
{
    // A form may become another one, and its nodes others, but not for long.
    private const int MaxDepth = 32;

    private readonly OnnxGraph _graph;
    private readonly Func<OnnxNode, bool> _isNative;
    private readonly LoweringValues _values = new();
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<(OnnxNode Node, string Reason)> _unsupported = [];
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _needed;
    private readonly HashSet<string> _unknown = [];
    private readonly IReadOnlyDictionary<string, TensorType>? _stated;
    private readonly EvaluationBudget _budget;
    private int _depth;

    /// <param name="graph">The source graph.</param>
    /// <param name="isNative">True if the runtime does a composite by itself.</param>
    /// <param name="weightsChange">True if the graph is to be trained, so that only the types of its weights and statistics are
    /// known.</param>
    /// <param name="stated">The types of what nodes make that cannot be lowered, from elsewhere; null if each such node is an
    /// error.</param>
    public LoweringWalk(
        OnnxGraph graph,
        Func<OnnxNode, bool> isNative,
        bool weightsChange = true,
        IReadOnlyDictionary<string, TensorType>? stated = null
    )
    {
        _stated = stated;
        _graph = graph;
        _isNative = isNative;
        _outputs = [.. graph.Outputs.Select(o => o.Name)];
        _needed = NeededValues(graph.Nodes, _outputs);
        _values.Reserve([.. graph.Inputs.Select(i => i.Name), .. graph.Initializers.Keys, .. graph.Nodes.SelectMany(n => n.Outputs)]);

        _budget = new EvaluationBudget(graph);

        // Weights and statistics change during training: their type is known, their value is not.
        HashSet<string> changing = weightsChange
            ? [.. ParameterAnalysis.FindParameters(graph).Concat(ParameterAnalysis.FindState(graph)).Select(t => t.Name)]
            : [];
        foreach (OnnxTensor tensor in graph.Initializers.Values)
        {
            if (changing.Contains(tensor.Name))
                _values.Types[tensor.Name] = new TensorType(tensor.ElementType, [.. tensor.Shape]);
            else
                _values.AddConstant(tensor);
        }
    }

    public LoweringValues Values => _values;

    /// <exception cref="OnnxFormatException">No tensor has such a shape.</exception>
    public void AddInput(OnnxValue input, long[] shape) =>
        _values.Types[input.Name] = new TensorType(input.ElementType, shape) is { IsPossible: true } type
            ? type
            : throw new OnnxFormatException($"The input {input} is one that no tensor can be: [{string.Join(',', shape)}].");

    /// <summary>Lowers a node of the source graph; one that cannot be is noted, and so are unknown operators that read from it.</summary>
    public void LowerSource(OnnxNode node)
    {
        if (!node.Outputs.Any(_needed.Contains))
            return;
        node = Trim(node);
        try
        {
            if (!ShapeInference.Knows(node) && !Rewrites.Know(node))
                throw new UnsupportedNodeException("unknown operator");
            if (_graph.Opset > OnnxGraph.NewestAlikeOpset)
                throw new UnsupportedNodeException(
                    $"opset {_graph.Opset} is newer than {OnnxGraph.NewestAlikeOpset}, the newest that is known"
                );
            if (node.Inputs.Select(_values.Resolve).Any(_unknown.Contains))
                _unknown.UnionWith(node.Outputs);
            else
                Lower(node, Math.Min(_graph.Opset, OnnxGraph.MaximumOpset));
        }
        catch (UnsupportedNodeException e)
        {
            Pass(node, e.Message);
        }
        catch (Exception e) when (NodeFault.Is(e))
        {
            throw NodeFault.Of(node, e);
        }
    }

    /// <summary>The outputs still needed from nodes that could not be lowered, except nodes that only read from other such nodes.</summary>
    public IEnumerable<string> Unstated => _unsupported.SelectMany(u => u.Node.Outputs).Where(_needed.Contains).Distinct();

    /// <summary>The nodes that could not be lowered so far, and why; without those that read from others of them.</summary>
    public IReadOnlyList<(OnnxNode Node, string Reason)> Unsupported => _unsupported;

    /// <summary>Passes over a node of which nothing is known, and so over those that read from it.</summary>
    public void Skip(OnnxNode node) => _unknown.UnionWith(node.Outputs);

    /// <summary>Handles a node that cannot be lowered: keeps it if the types of its outputs are stated, and records it otherwise.</summary>
    private void Pass(OnnxNode node, string reason)
    {
        if (_stated is null || !node.Outputs.Where(o => _needed.Contains(o)).All(_stated.ContainsKey))
        {
            _unsupported.Add((node, reason));
            _unknown.UnionWith(node.Outputs);
            return;
        }
        foreach (string output in node.Outputs.Where(_needed.Contains))
            _values.Types[output] = _stated[output];
        _nodes.Add(node with { Inputs = [.. node.Inputs.Select(_values.Resolve)] });
    }

    /// <summary>Lowers a node of a given opset; the types of its outputs are known afterward.</summary>
    /// <exception cref="OnnxFormatException">The node breaks the rules of its operator.</exception>
    public void Lower(OnnxNode source, int opset)
    {
        if (_depth == MaxDepth)
            throw new OnnxFormatException($"Node {source.Describe()}: its form is written anew over and over.");
        _depth++;
        try
        {
            LowerForm(source, opset);
        }
        finally
        {
            _depth--;
        }
    }

    private void LowerForm(OnnxNode source, int opset)
    {
        OnnxNode node = source with { Inputs = [.. source.Inputs.Select(_values.Resolve)] };
        if (node.Inputs.FirstOrDefault(i => i.Length > 0 && !_values.Types.ContainsKey(i)) is { } stranger)
            throw new OnnxFormatException($"Node {node.Describe()} reads '{stranger}', which nothing in the graph makes.");

        var view = new LoweringNode(node, _values);
        if (Rewrites.FindForm(view, opset) is { } form)
        {
            form.Apply(view, new SubgraphBuilder(_values, Lower, node));
            return;
        }
        if (node.OpType == "Identity" && !_outputs.Contains(node.Outputs[0]))
        {
            _values.AddAlias(node.Outputs[0], node.Inputs[0]);
            return;
        }
        bool constant = node.Inputs.All(i => i.Length == 0 || _values.Constants.ContainsKey(i));
        if (Rewrites.FindComposite(node) is { } composite && (constant || !_isNative(node)) && composite.Applies(view))
        {
            composite.Apply(view, new SubgraphBuilder(_values, Lower, node));
            return;
        }
        if (!ShapeInference.Knows(node))
            throw new UnsupportedNodeException("this form of the operator is not supported");

        TensorType[] types = ShapeInference.Infer(view);
        if (types.Length < node.Outputs.Count)
            throw view.Malformed($"it has {node.Outputs.Count} outputs, the operator makes {types.Length}");
        foreach (TensorType type in types)
            if (!type.IsPossible)
                throw view.Malformed($"its output would be {type}, which no tensor can be");
        if (_budget.Allows(view, types, constant) && ConstantEvaluation.TryEvaluate(view, types, constant) is { } results)
        {
            foreach (OnnxTensor result in results)
                _values.AddConstant(result);
            return;
        }
        for (int i = 0; i < node.Outputs.Count; i++)
            if (node.HasOutput(i))
                _values.Types[node.Outputs[i]] = types[i];
        _nodes.Add(node);
    }

    public LoweredGraph Finish()
    {
        if (_unsupported.Count > 0)
            throw new UnsupportedOpsException("MLNetExtensions", _graph, _unsupported);

        HashSet<string> needed = NeededValues(_nodes, _outputs);
        OnnxNode[] nodes = [.. _nodes.Where(n => n.Outputs.Any(needed.Contains))];
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach (OnnxTensor tensor in _graph.Initializers.Values.Concat(_values.Constants.Values))
            if (needed.Contains(tensor.Name))
                initializers.TryAdd(tensor.Name, tensor);

        var types = new Dictionary<string, TensorType>();
        foreach (string name in needed.Concat(_graph.Inputs.Select(i => i.Name)))
            if (name.Length > 0)
                types[name] = _values.Types.TryGetValue(name, out TensorType? type)
                    ? type
                    : throw new OnnxFormatException($"The graph's output '{name}' is made by no node.");
        return new LoweredGraph(
            _graph with
            {
                IrVersion = Math.Max(_graph.IrVersion, 10),
                Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
                Inputs = [.. _graph.Inputs.Select(i => OnnxValue.Create(i.Name, i.ElementType, types[i.Name].Shape))],
                Outputs = [.. _graph.Outputs.Select(o => OnnxValue.Create(o.Name, types[o.Name].ElementType, types[o.Name].Shape))],
                Nodes = nodes,
                Initializers = initializers,
                ValueInfos = [],
            },
            types
        );
    }

    /// <summary>Removes unused outputs from a node, such as the mask of a Dropout.</summary>
    private OnnxNode Trim(OnnxNode node)
    {
        if (!OperatorTable.Has(node.OpType, OperatorTraits.OptionalOutputs) || node.Outputs.All(_needed.Contains))
            return node;
        List<string> outputs = [.. node.Outputs.Select(o => _needed.Contains(o) ? o : "")];
        while (outputs[^1].Length == 0)
            outputs.RemoveAt(outputs.Count - 1);
        return node with { Outputs = outputs };
    }

    private static HashSet<string> NeededValues(IReadOnlyList<OnnxNode> nodes, IEnumerable<string> outputs)
    {
        HashSet<string> needed = [.. outputs];
        foreach (OnnxNode node in nodes.Reverse())
            if (node.Outputs.Any(needed.Contains))
                needed.UnionWith(node.Inputs.Where(i => i.Length > 0));
        return needed;
    }
}
