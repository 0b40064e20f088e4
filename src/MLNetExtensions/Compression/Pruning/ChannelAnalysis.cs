using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>
/// Follows channels through a network: which layers make and read them, which of them an Add, a Mul or a depthwise layer couples, where a
/// Concat puts them, which constants hold something for each of them, and which must stay because an operator is not understood. One
/// forward walk.
/// </summary>
internal sealed class ChannelAnalysis
{
    private readonly OnnxGraph _graph;
    private readonly LoweringValues _values;
    private readonly GraphIndex _index;
    private readonly Dictionary<string, int[]> _channels = [];
    private readonly Dictionary<string, (int Axis, int[] Ids)> _moved = [];
    private readonly List<PrunableLayer> _layers = [];
    private readonly List<ChannelCut> _cuts = [];

    /// <param name="graph">A graph whose inputs have known sizes.</param>
    public ChannelAnalysis(OnnxGraph graph)
    {
        _graph = graph;
        _index = new GraphIndex(graph);
        _values = GraphLowering.Evaluate(graph);
        foreach (OnnxNode node in graph.Nodes)
        {
            try
            {
                Follow(node);
            }
            catch (Exception e) when (NodeFault.Is(e))
            {
                throw NodeFault.Of(node, e);
            }
        }
        foreach (OnnxValue output in graph.Outputs)
            Fix(output.Name);
    }

    public ChannelIds Ids { get; } = new();

    /// <summary>The layers, in the graph's order.</summary>
    public IReadOnlyList<PrunableLayer> Layers => _layers;

    /// <summary>The tensors that change when channels are removed.</summary>
    public IReadOnlyList<ChannelCut> Cuts => _cuts;

    private void Follow(OnnxNode node)
    {
        if (node.Domain.Length == 0 && FollowMoved(node))
            return;
        int[]? made = OperatorTable.Find(node)?.Channels switch
        {
            ChannelRule.Kept => ChannelsOf(node.Inputs[0]),
            ChannelRule.SameChannels => SameChannels(node),
            ChannelRule.Coupled => Join(node),
            ChannelRule.OwnChannels => FollowOwn(node),
            // A shape alone reads no channel; what follows from the number of channels was folded into constants, which Reshape looks at.
            ChannelRule.Unread => [],
            _ => null,
        };
        if (made is null)
            Fix([.. node.Inputs]);
        else if (made.Length > 0 && node.OpType != "Split")
            _channels[node.Outputs[0]] = made;
    }

    private int[]? FollowOwn(OnnxNode node) =>
        node.OpType switch
        {
            "Conv" => Conv(node),
            "ConvTranspose" => ConvTranspose(node),
            "Gemm" or "MatMul" => Matrix(node),
            "BatchNormalization" => Norm(node, [1, 2, 3, 4]),
            "InstanceNormalization" => Norm(node, [1, 2]),
            "Concat" => Concat(node),
            "Pad" => Pad(node),
            "Slice" => Slice(node),
            "Split" => Split(node),
            "Flatten" or "Reshape" => Reshape(node),
            // A Transpose that FollowMoved does not understand.
            _ => null,
        };

    private void Fix(params string[] values)
    {
        foreach (string value in values)
            if (_channels.TryGetValue(value, out int[]? ids))
                Ids.Fix(ids);
            else if (_moved.TryGetValue(value, out (int Axis, int[] Ids) moved))
                Ids.Fix(moved.Ids);
    }

    /// <summary>
    /// Follows channels that a Transpose moves away from the second dimension, as between the layouts of Keras and ONNX, until they are
    /// moved or reshaped back.
    /// </summary>
    /// <returns>True if the node is understood, and so done with.</returns>
    private bool FollowMoved(OnnxNode node)
    {
        (int Axis, int[] Ids) read;
        if (node.OpType == "Transpose" && _channels.TryGetValue(node.Inputs[0], out int[]? ids))
            read = (1, ids);
        else if (!_moved.TryGetValue(node.Inputs.FirstOrDefault() ?? "", out read))
            return false;
        if (Shape(node.Inputs[0]) is not { } from)
            return false;
        if (OperatorTable.Find(node)?.Channels == ChannelRule.Kept)
            return Place(node, read.Axis, read.Ids);
        switch (node.OpType)
        {
            case "Transpose":
                long[] order = node.Ints("perm") ?? [.. Enumerable.Range(0, from.Length).Reverse().Select(a => (long)a)];
                return order[0] == 0 && Place(node, Array.IndexOf(order, read.Axis), read.Ids);
            case "Flatten" or "Reshape":
                return Reshape(node, read.Axis, read.Ids) is { } made && Place(node, 1, made);
            case "Squeeze" or "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceL2":
                if ((node.Ints("axes") ?? _index.Constant(node, 1)?.ToInt64s()) is not { } given)
                    return false;
                long[] axes = [.. given.Select(a => a < 0 ? a + from.Length : a)];
                return !axes.Contains(0)
                    && !axes.Contains(read.Axis)
                    && Place(
                        node,
                        read.Axis - (node.OpType != "Squeeze" && node.Int("keepdims", 1) != 0 ? 0 : axes.Count(a => a < read.Axis)),
                        read.Ids
                    );
            default:
                return false;
        }
    }

    private bool Place(OnnxNode node, int axis, int[] ids)
    {
        if (axis == 1)
            _channels[node.Outputs[0]] = ids;
        else
            _moved[node.Outputs[0]] = (axis, ids);
        return true;
    }

    private long[]? Shape(string value) => _values.Types.TryGetValue(_values.Resolve(value), out TensorType? type) ? type.Shape : null;

    /// <summary>The channels of a value: its second dimension. Those that nothing is known of stay.</summary>
    private int[]? ChannelsOf(string value)
    {
        if (_channels.TryGetValue(value, out int[]? ids))
            return ids;
        if (_moved.ContainsKey(value) || _graph.Initializers.ContainsKey(value) || Shape(value) is not { Length: >= 2 } shape)
            return null;
        ids = Ids.New(shape[1]);
        Ids.Fix(ids);
        return _channels[value] = ids;
    }

    /// <summary>A constant that only this node reads, once: one that others read too cannot change for this one's sake.</summary>
    private OnnxTensor? Own(OnnxNode node, int input) =>
        _index.Constant(node, input) is { } tensor && _index.OnlyReader(tensor.Name) == node ? tensor : null;

    private int[]? Conv(OnnxNode node)
    {
        if (
            Own(node, 1) is not { } weight
            || (node.HasInput(2) && Own(node, 2) is null)
            || Shape(node.Outputs[0]) is not { } shape
            || ChannelsOf(node.Inputs[0]) is not { } inputs
        )
            return null;
        long group = node.Int("group", 1),
            places = Product(shape.Skip(2)),
            kernel = Product(weight.Shape.Skip(2));
        if (group == 1)
        {
            int[] outputs = Ids.New(weight.Shape[0]);
            Cut(node, weight, 0, outputs, 1, inputs);
            _layers.Add(new PrunableLayer(node, inputs, outputs, (double)places * kernel, false, weight.Name, 0));
            return outputs;
        }
        if (group != inputs.Length || weight.Shape[1] != 1)
            return null;
        // Depthwise: each output channel comes of one input channel, with which it goes.
        int multiplier = (int)(weight.Shape[0] / group);
        int[] repeated = [.. inputs.SelectMany(id => Enumerable.Repeat(id, multiplier))];
        Cut(node, weight, 0, repeated, null, inputs);
        _cuts.Add(new AttributeCut(node, "group", inputs));
        _layers.Add(new PrunableLayer(node, inputs, repeated, (double)places * kernel, true, weight.Name, 0));
        return repeated;
    }

    private int[]? ConvTranspose(OnnxNode node)
    {
        if (
            node.Int("group", 1) != 1
            || Own(node, 1) is not { } weight
            || (node.HasInput(2) && Own(node, 2) is null)
            || Shape(node.Inputs[0]) is not { } shape
            || ChannelsOf(node.Inputs[0]) is not { } inputs
        )
            return null;
        int[] outputs = Ids.New(weight.Shape[1]);
        Cut(node, weight, 1, outputs, 0, inputs);
        _layers.Add(
            new PrunableLayer(node, inputs, outputs, (double)Product(shape.Skip(2)) * Product(weight.Shape.Skip(2)), false, weight.Name, 1)
        );
        return outputs;
    }

    private int[]? Matrix(OnnxNode node)
    {
        bool isGemm = node.OpType == "Gemm";
        if (
            Own(node, 1) is not { Shape.Count: 2 } weight
            || Shape(node.Inputs[0]) is not { Length: 2 }
            || node.Int("transA", 0) != 0
            || ChannelsOf(node.Inputs[0]) is not { } inputs
        )
            return null;
        int outputAxis = isGemm && node.Int("transB", 0) != 0 ? 0 : 1;
        if (isGemm && node.HasInput(2) && !(Own(node, 2) is { } bias && (bias.Count == 1 || bias.Shape[^1] == weight.Shape[outputAxis])))
            return null;
        int[] outputs = Ids.New(weight.Shape[outputAxis]);
        Cut(node, weight, outputAxis, outputs, 1 - outputAxis, inputs);
        _layers.Add(new PrunableLayer(node, inputs, outputs, 1, false, weight.Name, outputAxis));
        return outputs;
    }

    private void Cut(OnnxNode node, OnnxTensor weight, int outputAxis, int[] outputs, int? inputAxis, int[] inputs)
    {
        _cuts.Add(new TensorCut(weight.Name, outputAxis, outputs));
        if (inputAxis is { } axis)
            _cuts.Add(new TensorCut(weight.Name, axis, inputs));
        if (_index.Constant(node, 2) is { } bias && bias.Count == outputs.Length)
            _cuts.Add(new TensorCut(bias.Name, bias.Shape.Count - 1, outputs));
    }

    private int[]? Norm(OnnxNode node, int[] parameters)
    {
        if (
            node.Int("spatial", 1) == 0
            || ChannelsOf(node.Inputs[0]) is not { } ids
            || parameters.Any(i => Own(node, i)?.Count != ids.Length)
        )
            return null;
        foreach (int i in parameters)
            _cuts.Add(new TensorCut(node.Inputs[i], 0, ids));
        return ids;
    }

    /// <summary>
    /// Values that are put together place by place: their channels are coupled; constants may have a value for each channel.
    /// </summary>
    private int[]? Join(OnnxNode node)
    {
        if (Shape(node.Outputs[0]) is not { Length: >= 2 } shape)
            return null;
        int[]? joined = null;
        var pending = new List<(string Name, int Axis)>();
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            string input = node.Inputs[i];
            if (Shape(input) is not { } own)
                return null;
            // The channel's place in a value of fewer dimensions, which are the last ones.
            int axis = own.Length - (shape.Length - 1);
            if (_graph.Initializers.ContainsKey(input))
            {
                if (axis < 0 || own[axis] == 1)
                    continue;
                if (Own(node, i) is null)
                    return null;
                pending.Add((input, axis));
                continue;
            }
            if (own.Length != shape.Length || ChannelsOf(input) is not { } ids)
                return null;
            if (ids.Length == 1 && shape[1] != 1)
            {
                // One value for all channels, such as spatial attention.
                Ids.Fix(ids);
                continue;
            }
            if (joined is null)
                joined = ids;
            else
                Ids.Unite(joined, ids);
        }
        if (joined is null || joined.Length != shape[1])
            return null;
        foreach ((string name, int axis) in pending)
            _cuts.Add(new TensorCut(name, axis, joined));
        return joined;
    }

    private int[]? Concat(OnnxNode node)
    {
        if (Shape(node.Outputs[0]) is not { } shape)
            return null;
        long axis = node.Int("axis", 1);
        if ((axis < 0 ? axis + shape.Length : axis) != 1)
            return Join(node);
        int[]?[] parts = [.. node.Inputs.Select(ChannelsOf)];
        return parts.All(p => p is not null) ? [.. parts.SelectMany(p => p!)] : null;
    }

    private int[]? Pad(OnnxNode node)
    {
        if (ChannelsOf(node.Inputs[0]) is not { } ids || Shape(node.Inputs[0]) is not { } shape || node.HasInput(3))
            return null;
        // Before opset 11 the pads are an attribute; there they may only be of places.
        long[]? pads = _index.Constant(node, 1)?.ToInt64s() ?? node.Ints("pads");
        if (pads is null || pads.Length != 2 * shape.Length)
            return null;
        (long before, long after) = (pads[1], pads[shape.Length + 1]);
        if (before == 0 && after == 0)
            return ids;
        bool zeros = node.String("mode", "constant") == "constant" && (!node.HasInput(2) || _index.Constant(node, 2)?.ToFloats() is [0]);
        if (!zeros || before < 0 || after < 0 || Own(node, 1) is not { } tensor)
            return null;
        // Channels of zeros go with those that they are added to.
        (int[] first, int[] last) = (Ids.New(before), Ids.New(after));
        _cuts.Add(new CountCut(tensor.Name, [(1, first), (shape.Length + 1, last)]));
        return [.. first, .. ids, .. last];
    }

    private int[]? Slice(OnnxNode node)
    {
        if (ChannelsOf(node.Inputs[0]) is not { } ids || Shape(node.Inputs[0]) is not { } shape)
            return null;
        long[]? starts = _index.Constant(node, 1)?.ToInt64s() ?? node.Ints("starts"),
            ends = _index.Constant(node, 2)?.ToInt64s() ?? node.Ints("ends");
        long[]? axes =
            _index.Constant(node, 3)?.ToInt64s()
            ?? node.Ints("axes")
            ?? (node.HasInput(3) ? null : [.. Enumerable.Range(0, starts?.Length ?? 0).Select(i => (long)i)]);
        if (starts is null || ends is null || axes is null)
            return null;
        int at = Array.FindIndex(axes, axis => (axis < 0 ? axis + shape.Length : axis) == 1);
        if (at < 0)
            return ids;
        long step = node.HasInput(4) ? _index.Constant(node, 4)?.ToInt64s()[at] ?? 0 : 1;
        (int start, int end) = (Clamp(starts[at]), Clamp(ends[at]));
        if (start == 0 && end == ids.Length && step == 1)
            return ids;
        if (step != 1 || end <= start || Own(node, 1) is not { } first || Own(node, 2) is not { } last)
            return null;
        _cuts.Add(new CountCut(first.Name, [(at, ids[..start])]));
        _cuts.Add(new CountCut(last.Name, [(at, ids[..end])]));
        return ids[start..end];

        int Clamp(long value) => (int)Math.Clamp(value < 0 ? value + ids.Length : value, 0, ids.Length);
    }

    private int[]? Split(OnnxNode node)
    {
        if (ChannelsOf(node.Inputs[0]) is not { } ids || Shape(node.Inputs[0]) is not { } shape)
            return null;
        long axis = node.Int("axis", 0);
        if ((axis < 0 ? axis + shape.Length : axis) != 1)
        {
            foreach (string output in node.Outputs.Where(o => o.Length > 0))
                _channels[output] = ids;
            return ids;
        }
        // Equal parts would no longer be the same channels.
        if (Own(node, 1) is not { } sizes)
            return null;
        var counts = new List<(int, int[])>();
        int start = 0;
        foreach ((long size, int i) in sizes.ToInt64s().Select((size, i) => (size, i)))
        {
            int[] part = ids[start..(start += (int)size)];
            counts.Add((i, part));
            if (node.HasOutput(i))
                _channels[node.Outputs[i]] = part;
        }
        _cuts.Add(new CountCut(sizes.Name, counts));
        return ids;
    }

    private int[]? Reshape(OnnxNode node) => ChannelsOf(node.Inputs[0]) is { } ids ? Reshape(node, 1, ids) : null;

    /// <summary>
    /// Reshapes that keep the channels the second dimension, or spread each over its places: [n, c, h, w] or [n, h, w, c] to [n, c * h *
    /// w], [n, c] to [n, c, 1, 1].
    /// </summary>
    private int[]? Reshape(OnnxNode node, int axis, int[] ids)
    {
        if (Shape(node.Inputs[0]) is not { } from || Shape(node.Outputs[0]) is not { Length: >= 2 } to || from[0] != to[0])
            return null;
        int[] made;
        if (axis == 1 && to[1] == from[1] && Product(to.Skip(2)) == Product(from.Skip(2)))
            made = ids;
        else if (to.Length == 2 && to[1] <= ChannelIds.MaxChannels && to[1] == Product(from.Skip(1)))
        {
            int[] row = [.. ids.SelectMany(id => Enumerable.Repeat(id, (int)Product(from.Skip(axis + 1))))];
            made = [.. Enumerable.Repeat(row, (int)Product(from[1..axis])).SelectMany(r => r)];
        }
        else
            return null;
        if (node.OpType == "Flatten")
            return node.Int("axis", 1) is 1 or -1 && (node.Int("axis", 1) == 1 || from.Length == 2) ? made : null;
        if (_values.ConstantOf(node.Inputs[1])?.ToInt64s() is not { } target)
            return null;
        // 0 copies the size, -1 is what is left; any other number counts channels.
        if (target[1] == -1 || (axis == 1 && target[1] == 0 && node.Int("allowzero", 0) == 0 && made.Length == from[1]))
            return target.Skip(2).All(size => size != 0) || made.Length == from[1] ? made : null;
        if (Own(node, 1) is not { } constant)
            return null;
        _cuts.Add(new CountCut(constant.Name, [(1, made)]));
        return made;
    }

    /// <summary>Operators that work on places and leave each channel where it is.</summary>
    private int[]? SameChannels(OnnxNode node) =>
        ChannelsOf(node.Inputs[0]) is { } ids
        && Shape(node.Outputs[0]) is { Length: >= 2 } shape
        && Shape(node.Inputs[0]) is { } from
        && shape[0] == from[0]
        && shape[1] == ids.Length
        && (ids.Length > 1 || from[1] == 1)
            ? ids
            : null;

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
