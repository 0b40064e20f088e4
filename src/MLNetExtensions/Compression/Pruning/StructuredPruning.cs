using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>
/// Takes away whole channels, until the multiplications that remain are within the target: each time the block of channels whose importance
/// is least for the multiplications it saves. Channels that an Add, a Mul or a depthwise layer couples go together. Near the target only
/// such blocks go as do not miss it by more than <see cref="Tolerance"/>; where no whole block does, parts of one. Channels that do nothing
/// go in any case.
/// </summary>
internal sealed class StructuredPruning
{
    /// <summary>The fraction by which the remaining size may be below the target.</summary>
    private const double Tolerance = 0.05;

    private readonly OnnxGraph _graph;
    private readonly PruneOptions _options;
    private readonly ChannelAnalysis _analysis;
    private readonly double _others;
    private readonly HashSet<int> _removed = [];

    /// <param name="graph">The model; BatchNorms may be there, to be trained on with.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidOperationException">No channel can go.</exception>
    /// <exception cref="ArgumentException">The options name a layer that is not there.</exception>
    public StructuredPruning(OnnxGraph graph, PruneOptions options)
    {
        (_graph, _options) = (graph, options);
        _analysis = new ChannelAnalysis(graph);
        foreach (string name in options.IgnoredLayers)
        {
            PrunableLayer layer =
                Layers.FirstOrDefault(l => l.Node.IsNamed(name))
                ?? throw NamedLayers.Unknown(nameof(PruneOptions.IgnoredLayers), name, graph, Layers.Select(l => l.Node));
            _analysis.Ids.Fix(layer.Outputs);
        }
        _others = MacCount.OfRow(graph) - Layers.Sum(l => l.Macs(IsKept));
    }

    /// <summary>The layers with multiplications.</summary>
    public IReadOnlyList<PrunableLayer> Layers => _analysis.Layers;

    /// <summary>The multiplications of a row as far as channels are removed, with those of layers that keep all of theirs.</summary>
    public double Macs => _others + Layers.Sum(l => l.Macs(IsKept));

    /// <summary>True if a channel has not been removed.</summary>
    public bool IsKept(int id) => !_removed.Contains(_analysis.Ids.Root(id));

    /// <summary>Removes channels until the target is met, and gives the smaller graph.</summary>
    /// <exception cref="InvalidOperationException">The target cannot be met with the channels that may go.</exception>
    public OnnxGraph Prune()
    {
        double whole = Macs,
            target = whole * _options.TargetMacsFraction;
        List<ChannelBlock> blocks = FindBlocks();
        if (blocks.Count == 0)
            throw new InvalidOperationException(
                $"The graph '{_graph.Name}' has no channels that can be removed: they reach an output, or operators that need all of "
                    + $"them. Its operators are {string.Join(", ", _graph.Nodes.Select(n => n.OpType).Distinct())}."
            );
        int multiple = _options.ChannelMultiple;
        for (double macs = whole; macs > target; macs = Macs)
        {
            (ChannelBlock Block, double Left)[] candidates =
            [
                .. blocks.Where(b => b.CanShrink(multiple)).Select(b => (b, macs - Saved(b, multiple, macs))),
            ];
            (ChannelBlock Block, double Left)[] near =
            [
                .. candidates.Where(c => c.Left >= (1 - Tolerance) * target || c.Block.NextImportance(multiple) == 0),
            ];
            if (near.Length > 0)
                _removed.UnionWith(near.MinBy(c => c.Block.NextImportance(multiple) / (macs - c.Left)).Block.Take(multiple));
            else if (multiple > 1)
                multiple /= 2;
            else if (candidates.Length > 0)
                _removed.UnionWith(candidates.MaxBy(c => c.Left).Block.Take(multiple));
            else
                throw new InvalidOperationException(
                    $"A share of {_options.TargetMacsFraction} of the multiplications cannot be met: with the fewest channels allowed "
                        + $"{macs / whole:P1} remain. Lower {nameof(PruneOptions.MinimumChannelFraction)}, or raise "
                        + $"{nameof(PruneOptions.TargetMacsFraction)}."
                );
        }
        return Write();
    }

    private double Saved(ChannelBlock block, int multiple, double macs)
    {
        int[] next = [.. block.Next(multiple)];
        _removed.UnionWith(next);
        double saved = macs - Macs;
        _removed.ExceptWith(next);
        return saved;
    }

    /// <summary>Channels that the same layers make and read are of one kind; from each kind the least important go first.</summary>
    private List<ChannelBlock> FindBlocks()
    {
        var users = new Dictionary<int, List<int>>();
        var importance = new Dictionary<int, double>();
        for (int i = 0; i < Layers.Count; i++)
        {
            PrunableLayer layer = Layers[i];
            double[] values = ImportanceOf(layer);
            for (int channel = 0; channel < layer.Outputs.Length; channel++)
            {
                int root = _analysis.Ids.Root(layer.Outputs[channel]);
                Users(root).Add(2 * i);
                importance[root] = importance.GetValueOrDefault(root) + values[channel];
            }
            foreach (int id in layer.Inputs)
                Users(_analysis.Ids.Root(id)).Add(2 * i + 1);
        }
        return
        [
            .. importance
                .Where(c => !_analysis.Ids.IsFixed(c.Key))
                .GroupBy(c => string.Join(',', users[c.Key].Distinct()))
                .Select(group => new ChannelBlock([.. group.Select(c => (c.Key, c.Value))], _options.MinimumChannelFraction)),
        ];

        List<int> Users(int root)
        {
            if (!users.TryGetValue(root, out List<int>? list))
                users.Add(root, list = []);
            return list;
        }
    }

    /// <summary>The importance of each output channel, as a fraction of that of all.</summary>
    private double[] ImportanceOf(PrunableLayer layer)
    {
        OnnxTensor weight = _graph.Initializers[layer.Weight];
        double[] values = Numbers.ToDoubles(weight),
            sizes = new double[layer.Outputs.Length];
        long inner = weight.Shape.Skip(layer.OutputAxis + 1).Aggregate(1L, (a, b) => a * b);
        for (long i = 0; i < values.Length; i++)
            sizes[i / inner % sizes.Length] += _options.Importance == ChannelImportance.L1 ? Math.Abs(values[i]) : values[i] * values[i];
        if (_options.Importance != ChannelImportance.L1)
            sizes = [.. sizes.Select(Math.Sqrt)];
        if (NormBehind(layer.Node) is { } norm)
        {
            double[] gamma = Numbers.ToDoubles(_graph.Initializers[norm.Inputs[1]]),
                variance = Numbers.ToDoubles(_graph.Initializers[norm.Inputs[4]]);
            double epsilon = norm.Float("epsilon", 1e-5f);
            sizes =
            [
                .. sizes.Select(
                    (size, c) =>
                        Math.Abs(gamma[c])
                        * (_options.Importance == ChannelImportance.BatchNormScale ? 1 : size / Math.Sqrt(variance[c] + epsilon))
                ),
            ];
        }
        double whole = sizes.Sum();
        return whole > 0 ? [.. sizes.Select(size => size / whole)] : sizes;
    }

    private OnnxNode? NormBehind(OnnxNode layer) =>
        _graph.Nodes.FirstOrDefault(n =>
            n is { OpType: "BatchNormalization", Domain: "" }
            && n.Inputs[0] == layer.Outputs[0]
            && _graph.Initializers.ContainsKey(n.Inputs[1])
            && _graph.Initializers.ContainsKey(n.Inputs[4])
        );

    private OnnxGraph Write()
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>(_graph.Initializers);
        var groups = new Dictionary<OnnxNode, OnnxAttribute>(ReferenceEqualityComparer.Instance);
        foreach (ChannelCut cut in _analysis.Cuts)
            switch (cut)
            {
                case TensorCut tensor:
                    initializers[tensor.Tensor] = tensor.Apply(initializers[tensor.Tensor], IsKept);
                    break;
                case CountCut count:
                    initializers[count.Tensor] = count.Apply(initializers[count.Tensor], IsKept);
                    break;
                case AttributeCut attribute:
                    groups[attribute.Node] = OnnxAttribute.Of(attribute.Attribute, (long)attribute.Ids.Count(IsKept));
                    break;
            }
        return RemoveUnused.Apply(
            _graph with
            {
                Nodes = [.. _graph.Nodes.Select(n => groups.TryGetValue(n, out OnnxAttribute? group) ? n.With(group) : n)],
                Initializers = initializers,
                // Shapes that the file states are no longer true.
                ValueInfos = [],
            }
        );
    }
}
