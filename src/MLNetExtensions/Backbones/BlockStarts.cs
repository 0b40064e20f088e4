using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Finds the nodes where a network's blocks begin: residual blocks (ResNet, MobileNetV2), dense layers (DenseNet), parallel convolutions
/// (Inception), and attention with the layers after it (ViT).
/// </summary>
internal static class BlockStarts
{
    /// <summary>
    /// The first nodes of the blocks. A network of attention is divided at its attention (<see cref="OfAttention"/>), any other one where
    /// branches part and join (<see cref="OfBranches"/>). Empty if it has neither.
    /// </summary>
    /// <param name="graph">The network, its nodes in order.</param>
    /// <param name="flow">The values that change with the images.</param>
    public static HashSet<OnnxNode> Of(OnnxGraph graph, DataFlow flow) =>
        OfAttention(graph, flow) is { Count: > 0 } attention ? attention : OfBranches(graph, flow);

    /// <summary>
    /// The starts of blocks of attention. After each Softmax, the first sum of two branches (a residual connection) adds the attention's
    /// output to the value that entered the block. The block begins after the node that produced that value.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static HashSet<OnnxNode> OfAttention(OnnxGraph graph, DataFlow flow)
    {
        var starts = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var places = new Dictionary<string, int>();
        int attention = -1;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            OnnxNode node = graph.Nodes[i];
            foreach (string output in node.Outputs)
                places[output] = i;
            if (node.OpType == "Softmax")
                attention = i;
            if (attention < 0 || node.OpType is not ("Add" or "Sum") || flow.DataInputs(node).ToArray() is not { Length: 2 } branches)
                continue;
            int[] made = [.. branches.Select(branch => places.GetValueOrDefault(branch, -1)).Order()];
            if (made[0] < attention && made[1] > attention)
            {
                starts.Add(graph.Nodes[made[0] + 1]);
                attention = -1;
            }
        }
        return starts;
    }

    /// <summary>
    /// The nodes before and after each region of branches. At some nodes all that an image became is one value; between two of them lies a
    /// region. Where a sum or a concatenation of branches is in it, it is a block. Gates (squeeze and excitation, SiLU) multiply: they are
    /// parts of a layer. The layers between two blocks, such as a strided convolution without a shortcut, are a block as well.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static HashSet<OnnxNode> OfBranches(OnnxGraph graph, DataFlow flow)
    {
        var starts = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        Dictionary<string, int> lastReader = LastReaders(graph, flow);
        var live = new HashSet<string>(graph.Inputs.Select(i => i.Name));
        int first = 0;
        bool joins = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            OnnxNode node = graph.Nodes[i];
            joins |= node.OpType is "Add" or "Sum" or "Concat" && flow.DataInputs(node).Distinct().Count() > 1;
            live.UnionWith(node.Outputs.Where(o => flow.IsData(o) && lastReader.ContainsKey(o)));
            live.RemoveWhere(value => lastReader.GetValueOrDefault(value, -1) <= i);
            if (live.Count != 1)
                continue;
            if (joins)
            {
                starts.Add(graph.Nodes[first]);
                if (i + 1 < graph.Nodes.Count)
                    starts.Add(graph.Nodes[i + 1]);
            }
            (first, joins) = (i + 1, false);
        }
        return starts;
    }

    private static Dictionary<string, int> LastReaders(OnnxGraph graph, DataFlow flow)
    {
        var last = new Dictionary<string, int>();
        for (int i = 0; i < graph.Nodes.Count; i++)
            foreach (string input in InnerGraphs.Reads(graph.Nodes[i]).Where(flow.IsData))
                last[input] = i;
        foreach (OnnxValue output in graph.Outputs)
            last[output.Name] = graph.Nodes.Count;
        return last;
    }
}
