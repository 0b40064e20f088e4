using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>Splits a network's parameters into groups, shallow to deep.</summary>
internal static class LayerStages
{
    /// <summary>The number of groups of a network on tokens that has neither stages nor blocks of attention.</summary>
    private const int PartsByDepth = 4;

    /// <summary>
    /// The groups: each parameter of <see cref="ParameterAnalysis.FindParameters"/> (but for the constants of
    /// <see cref="PreprocessingGraph"/>) is in exactly one, that of the first node that uses it.
    /// A new group begins where the image gets smaller (a strided convolution or a pooling); a group that would hold nothing but biases and
    /// scales joins the one before. In a token network a group is a stage; with a constant number of tokens, a block of attention and the
    /// layers after it; and if there is no attention either, each of four parts of equally many weight matrices.
    /// </summary>
    /// <param name="graph">The network, with or without its classifier.</param>
    /// <param name="prefixes">Groups that are known, as the beginnings of their parameters' names; other parameters join the group before
    /// them.</param>
    public static IReadOnlyList<LayerStage> Find(OnnxGraph graph, IReadOnlyList<IReadOnlyList<string>>? prefixes = null)
    {
        ValueTypes types = ValueTypes.Infer(graph);
        var flow = new DataFlow(graph);
        List<Use> uses = FindUses(graph, types, flow);
        if (uses.Count == 0)
            return [];
        if (prefixes is not null)
            return Number(GroupByPrefix(uses, prefixes));
        // Tokens that lie in rows and columns, as timm's Swin has them, have no convolution that would tell the image's size.
        bool isOnTokens =
            uses.Count(u => u.IsMatrix && u.Rank == 3) > uses.Count(u => u.IsMatrix) / 2
            || uses.Count(u => u.IsMatrix && u.Node.OpType is "MatMul" or "Gemm" && u.Rank > 2) > uses.Count(u => u.IsMatrix) * 3 / 4;
        return Number(isOnTokens ? GroupByTokens(uses, new TokenGroups(graph, types, flow)) : GroupBySize(uses));
    }

    /// <summary>
    /// Finer groups: the blocks of <see cref="BlockStarts"/>, the layers before the first one (the stem), and the layers between and after
    /// them. A group of nothing but biases and scales joins the one before, so a norm behind the last block is part of it. A network
    /// without blocks (VGG) has the groups of <see cref="Find"/>.
    /// </summary>
    /// <param name="graph">The network, with or without its classifier.</param>
    public static IReadOnlyList<LayerStage> FindBlocks(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        HashSet<OnnxNode> starts = BlockStarts.Of(graph, flow);
        if (starts.Count == 0)
            return Find(graph);
        var blocks = new Dictionary<OnnxNode, int>(ReferenceEqualityComparer.Instance);
        int block = 0;
        foreach (OnnxNode node in graph.Nodes)
            blocks.Add(node, block += starts.Contains(node) ? 1 : 0);
        return Number(JoinWithMatrices(FindUses(graph, ValueTypes.Infer(graph), flow).GroupBy(u => blocks[u.Node])));
    }

    private static List<Use> FindUses(OnnxGraph graph, ValueTypes types, DataFlow flow)
    {
        Dictionary<string, OnnxTensor> parameters = ParameterAnalysis
            .FindParameters(graph)
            .Where(t => !StepList.IsAdded(t.Name))
            .ToDictionary(t => t.Name);
        // The parameters behind a constant value: a weight may be transposed or reshaped before its layer reads it.
        var origins = parameters.Keys.ToDictionary(name => name, name => (HashSet<string>)[name]);
        OrderedDictionary<OnnxNode, ImageSize> sizes = FindSizes(graph, types);
        ImageSize size = sizes.Values.LastOrDefault();
        var uses = new List<Use>(parameters.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            HashSet<string> read = [.. node.Inputs.SelectMany(i => origins.GetValueOrDefault(i) ?? [])];
            if (!node.Outputs.Any(flow.IsData))
            {
                foreach (string output in node.Outputs.Where(o => o.Length > 0 && read.Count > 0 && !parameters.ContainsKey(o)))
                    origins[output] = read;
                continue;
            }
            if (types.Of(node) is not { } type)
                continue;
            size = sizes.GetValueOrDefault(node, size);
            foreach (string name in read.Where(parameters.ContainsKey))
            {
                OnnxTensor tensor = parameters[name];
                uses.Add(new Use(name, tensor.Shape.Count(s => s > 1) > 1, type.Shape.Length, size, node));
                parameters.Remove(name);
            }
        }
        return uses;
    }

    /// <summary>
    /// The image's size at the nodes that tell it. It is the largest from there on: in a branch it may be smaller for a while (the 1x1 of a
    /// squeeze and excitation block), which begins no new part of the network. Linear layers have no image any more: 0x0. Deepest first.
    /// </summary>
    private static OrderedDictionary<OnnxNode, ImageSize> FindSizes(OnnxGraph graph, ValueTypes types)
    {
        var sizes = new OrderedDictionary<OnnxNode, ImageSize>(ReferenceEqualityComparer.Instance);
        ImageSize largest = default;
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (types.Of(node)?.Shape is not { } shape)
                continue;
            // Only these are sure to work on [batch, channel, height, width].
            bool isSpatial =
                shape.Length == 4 && node.OpType is "Conv" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "GlobalMaxPool";
            if (!isSpatial && !(shape.Length == 2 && node.OpType is "Gemm" or "MatMul"))
                continue;
            if (isSpatial && shape[2] * shape[3] > largest.Height * largest.Width)
                largest = new ImageSize(shape[2], shape[3]);
            sizes.Add(node, largest);
        }
        return sizes;
    }

    private static List<List<Use>> GroupBySize(List<Use> uses) => JoinWithMatrices(uses.GroupBy(u => u.Size));

    private static List<List<Use>> GroupByTokens(List<Use> uses, TokenGroups tokens)
    {
        List<List<Use>> groups = JoinWithMatrices(uses.GroupBy(u => tokens.PartOf(u.Node)));
        return groups.Count > 1 ? groups : GroupByDepth(uses);
    }

    private static List<List<Use>> JoinWithMatrices<TKey>(IEnumerable<IGrouping<TKey, Use>> parts)
    {
        var groups = new List<List<Use>>();
        foreach (IGrouping<TKey, Use> part in parts)
        {
            if (groups.Count > 0 && !part.Any(u => u.IsMatrix))
                groups[^1].AddRange(part);
            else
                groups.Add([.. part]);
        }
        return groups;
    }

    private static List<List<Use>> GroupByDepth(List<Use> uses)
    {
        int matrices = uses.Count(u => u.IsMatrix);
        var groups = new List<List<Use>>();
        int before = 0;
        foreach (Use use in uses)
        {
            int group = Math.Min(before * PartsByDepth / Math.Max(matrices, 1), PartsByDepth - 1);
            while (groups.Count <= group)
                groups.Add([]);
            groups[group].Add(use);
            before += use.IsMatrix ? 1 : 0;
        }
        return [.. groups.Where(g => g.Count > 0)];
    }

    private static List<List<Use>> GroupByPrefix(List<Use> uses, IReadOnlyList<IReadOnlyList<string>> prefixes)
    {
        List<List<Use>> groups = [.. prefixes.Select(_ => new List<Use>())];
        int current = 0;
        foreach (Use use in uses)
        {
            for (int i = 0; i < groups.Count; i++)
                if (prefixes[i].Any(p => use.Parameter.StartsWith(p, StringComparison.Ordinal)))
                    current = i;
            groups[current].Add(use);
        }
        return [.. groups.Where(g => g.Count > 0)];
    }

    private static LayerStage[] Number(List<List<Use>> groups) =>
        [.. groups.Select((group, i) => new LayerStage(NameOf(group, i + 1), [.. group.Select(u => u.Parameter)]))];

    private static string NameOf(List<Use> group, int number)
    {
        Use first = group[0];
        return first.Rank != 3 && first.Size.Height > 0 ? $"{number}: {first.Size.Width}x{first.Size.Height}" : $"{number}";
    }

    /// <summary>A parameter at the first node that uses it: the rank of the node's output and the image's size there.</summary>
    private readonly record struct Use(string Parameter, bool IsMatrix, int Rank, ImageSize Size, OnnxNode Node);

    private readonly record struct ImageSize(long Height, long Width);
}
