using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>The layers of a network, one by one. Works for any graph, including those made by other tools.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(string name, IReadOnlyList<LayerSummary> layers)
    {
        Name = name;
        Layers = layers;
    }

    /// <summary>The graph's name.</summary>
    public string Name { get; }

    /// <summary>
    /// The layers in the order in which they are computed. Nodes whose names are equal up to the last slash are one layer.
    /// </summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The number of trainable values.</summary>
    public long Parameters => Layers.Sum(l => l.Parameters);

    /// <summary>The number of values of BatchNorm's running statistics.</summary>
    public long NonTrainableParameters => Layers.Sum(l => l.NonTrainableParameters);

    /// <summary>
    /// The number of multiplications and additions (counted as one) of convolutions, matrix products and recurrent layers for one row.
    /// </summary>
    public long Macs => Layers.Sum(l => l.Macs);

    /// <summary>Summarizes a graph for one row.</summary>
    /// <param name="graph">The graph; its inputs state all sizes except the batch.</param>
    /// <exception cref="UnsupportedOpsException">The graph holds operators whose shapes are not known; the message lists all of
    /// them.</exception>
    /// <exception cref="ArgumentException">An input does not state its sizes.</exception>
    public static NetworkSummary Of(OnnxGraph graph)
    {
        var shapes = graph
            .Inputs.Where(i => i.Shape is not null && i.Shape.Skip(1).All(d => d.Size is not null))
            .ToDictionary(i => i.Name, i => i.Shape!.Select((d, axis) => axis == 0 ? 1 : d.Size!.Value).ToArray());
        LoweredGraph lowered = GraphLowering.Lower(graph with { Outputs = [graph.Outputs[0]] }, shapes, _ => true);
        Dictionary<string, long> parameters = Counts(ParameterAnalysis.FindParameters(graph)),
            statistics = Counts(ParameterAnalysis.FindState(graph));
        var layers = new List<LayerSummary>();
        foreach (IReadOnlyList<OnnxNode> nodes in Group(lowered.Graph.Nodes))
        {
            OnnxNode main = nodes.FirstOrDefault(n => n.Inputs.Any(parameters.ContainsKey)) ?? nodes[^1];
            long[] shape = lowered.Types[nodes[^1].Outputs.First(lowered.Types.ContainsKey)].Shape;
            layers.Add(
                new LayerSummary(
                    LayerName(nodes[0]),
                    main.OpType,
                    [.. shape.Skip(1)],
                    Take(nodes, parameters),
                    Take(nodes, statistics),
                    nodes.Sum(n => MacCount.Of(n, lowered))
                )
            );
        }
        return new NetworkSummary(graph.Name, layers);
    }

    /// <summary>Formats the summary as a table like Keras's.</summary>
    public override string ToString() => NetworkTable.Format(this);

    /// <summary>Neighboring nodes of one layer; a layer that others interrupt goes on in a later row.</summary>
    private static List<List<OnnxNode>> Group(IReadOnlyList<OnnxNode> nodes)
    {
        var groups = new List<List<OnnxNode>>();
        foreach (OnnxNode node in nodes)
        {
            if (groups.Count > 0 && node.Name.Contains('/', StringComparison.Ordinal) && LayerName(groups[^1][0]) == LayerName(node))
                groups[^1].Add(node);
            else
                groups.Add([node]);
        }
        return groups;
    }

    private static string LayerName(OnnxNode node)
    {
        string name = node.Label;
        int slash = node.Name.LastIndexOf('/');
        return slash > 0 ? name[..slash] : name;
    }

    private static Dictionary<string, long> Counts(IEnumerable<OnnxTensor> tensors) => tensors.ToDictionary(t => t.Name, t => t.Count);

    /// <summary>The values that these nodes read and no earlier node did: shared parameters count once.</summary>
    private static long Take(IReadOnlyList<OnnxNode> nodes, Dictionary<string, long> counts)
    {
        long sum = 0;
        foreach (string name in nodes.SelectMany(n => n.Inputs))
            if (counts.Remove(name, out long count))
                sum += count;
        return sum;
    }
}
