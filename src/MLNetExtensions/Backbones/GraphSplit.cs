using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>Splits a network where training begins.</summary>
internal static class GraphSplit
{
    /// <summary>
    /// The two parts. A value passes between them only where its first dimension is the batch, so that it can be kept image by image;
    /// what the suffix needs besides (the batch's size, values of another layout) it computes itself; other shape arithmetic becomes
    /// constants.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="trainable">The names of the parameters to train.</param>
    /// <exception cref="ArgumentException">A name is that of no initializer and no constant node.</exception>
    public static GraphParts Split(OnnxGraph graph, IReadOnlyCollection<string> trainable)
    {
        var flow = new DataFlow(graph);
        if (trainable.FirstOrDefault(t => !graph.Initializers.ContainsKey(t) && !flow.Producers.ContainsKey(t)) is string unknown)
            throw new ArgumentException($"The graph '{graph.Name}' has no parameter '{unknown}'.", nameof(trainable));

        HashSet<OnnxNode> trained = FindTrained(graph, [.. trainable]);
        ValueTypes types = ValueTypes.Infer(graph);
        IReadOnlyDictionary<string, OnnxTensor> constants = ValueTypes.FindConstants(graph);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var inputs = graph.Inputs.Select(i => i.Name).ToHashSet();
        var passed = new OrderedDictionary<string, OnnxValue>();
        var read = new HashSet<string>();
        var measured = new List<OnnxNode>();
        var open = new Queue<string>(trained.SelectMany(n => n.Inputs).Concat(graph.Outputs.Select(o => o.Name)));
        while (open.TryDequeue(out string? value))
        {
            if (value.Length == 0 || passed.ContainsKey(value))
                continue;
            if (inputs.Contains(value))
                read.Add(value);
            else if (flow.Producers.TryGetValue(value, out OnnxNode? node) && !trained.Contains(node))
            {
                if (flow.IsData(value) && types.IsBatchFirst(value))
                    passed.Add(value, types.Declare(value));
                else if (constants.TryGetValue(value, out OnnxTensor? constant))
                    initializers.TryAdd(value, constant);
                else if (trained.Add(node))
                {
                    // A value whose size alone is wanted need not pass: all that is open of it is the batch, which any value tells.
                    if (node.OpType == "Shape" && node.Attributes.Count == 0 && types.IsBatchFirst(node.Inputs[0]))
                        measured.Add(node);
                    else
                        foreach (string input in node.Inputs)
                            open.Enqueue(input);
                }
            }
        }

        OnnxValue[] suffixInputs = [.. passed.Values, .. graph.Inputs.Where(i => read.Contains(i.Name))];
        var names = new ValueNames(graph);
        Dictionary<OnnxNode, OnnxNode[]> shapes = measured.ToDictionary(
            node => node,
            node => ShapeFromBatch(node, types[node.Inputs[0]].Shape, suffixInputs[0].Name, names, initializers),
            (IEqualityComparer<OnnxNode>)ReferenceEqualityComparer.Instance
        );
        OnnxGraph suffix = RemoveUnused.Apply(
            graph with
            {
                Inputs = suffixInputs,
                Nodes = [.. graph.Nodes.Where(trained.Contains).SelectMany(n => shapes.GetValueOrDefault(n) ?? [n])],
                Initializers = initializers,
                ValueInfos = [],
            }
        );
        OnnxGraph? prefix = passed.Count == 0 ? null : RemoveUnused.Apply(graph with { Outputs = [.. passed.Values], ValueInfos = [] });
        return new GraphParts(prefix, suffix);
    }

    /// <summary>The nodes whose outputs change when the parameters do. Compared by reference: two nodes may look alike.</summary>
    private static HashSet<OnnxNode> FindTrained(OnnxGraph graph, HashSet<string> changing)
    {
        var trained = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (!node.Inputs.Any(changing.Contains) && !node.Outputs.Any(changing.Contains))
                continue;
            trained.Add(node);
            changing.UnionWith(node.Outputs.Where(o => o.Length > 0));
        }
        return trained;
    }

    /// <summary>The Shape node again, from the batch of another value and the sizes that are known.</summary>
    private static OnnxNode[] ShapeFromBatch(
        OnnxNode node,
        long[] shape,
        string source,
        ValueNames names,
        OrderedDictionary<string, OnnxTensor> initializers
    )
    {
        string output = node.Outputs[0];
        (string whole, string batch) = (names.Take(output + "/shape"), names.Take(output + "/batch"));
        (string first, string rest) = (names.Take(output + "/first"), names.Take(output + "/rest"));
        initializers[first] = OnnxTensor.FromInt64s(first, [1], [0]);
        initializers[rest] = OnnxTensor.FromInt64s(rest, [shape.Length - 1], shape[1..]);
        return
        [
            OnnxNode.Create("Shape", [source], [whole]),
            OnnxNode.Create("Gather", [whole, first], [batch], OnnxAttribute.Of("axis", 0L)),
            OnnxNode.Create("Concat", [batch, rest], [output], OnnxAttribute.Of("axis", 0L)),
        ];
    }
}
