using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Makes constants of a graph lowered for one batch right for any: as the target of a Reshape where that can say so, otherwise by nodes
/// that compute them from the number of rows. Numbers are computed where they grow with the batch evenly, which a third batch must show;
/// tensors of one row for each of the batch, all alike, are that row expanded.
/// </summary>
internal sealed class BatchConstants
{
    private readonly OnnxGraph _source;
    private readonly LoweredGraph _one;
    private readonly LoweredGraph[] _others;
    private readonly long[] _batches;
    private readonly GraphDraft _draft;
    private readonly Dictionary<string, string> _open = [];
    private string? _count;

    /// <param name="source">The graph as it was.</param>
    /// <param name="batches">Three different batches.</param>
    /// <param name="lower">Lowers the graph for a batch.</param>
    public BatchConstants(OnnxGraph source, long[] batches, Func<long, LoweredGraph> lower)
    {
        (_source, _batches, _one) = (source, batches, lower(batches[0]));
        _others = [.. batches.Skip(1).Select(lower)];
        _draft = new GraphDraft(_one.Graph with { Inputs = source.Inputs, Outputs = source.Outputs });
    }

    /// <summary>The lowered graph for any batch.</summary>
    /// <exception cref="OnnxFormatException">The values that a node computes from the batch cannot be stated for any batch
    /// size.</exception>
    public OnnxGraph Apply()
    {
        for (int i = 0; i < _one.Graph.Nodes.Count; i++)
            if (_others.Any(o => !IsAlike(_one.Graph.Nodes[i], o.Graph.Nodes[i])))
                throw Impossible("attributes", _one.Graph.Nodes[i]);
        foreach ((string name, OnnxTensor value) in _one.Graph.Initializers)
        {
            OnnxTensor[] tensors = [value, .. _others.Select(o => o.Graph.Initializers[name])];
            if (tensors.Skip(1).All(t => IsSame(value, t)))
                continue;
            OnnxNode[] readers = [.. _one.Graph.Nodes.Where(n => n.Inputs.Contains(name))];
            string? opened = readers.All(n => n.OpType == "Reshape" && n.Inputs[0] != name) ? Target(tensors, readers) : null;
            opened ??= value.Shape.SequenceEqual(tensors[1].Shape) ? Numbers(tensors) : Rows(tensors);
            _open[name] = opened ?? throw Impossible($"'{name}'", readers[0]);
        }
        foreach (OnnxNode node in _one.Graph.Nodes)
            _draft.Add(node with { Inputs = [.. node.Inputs.Select(i => _open.GetValueOrDefault(i, i))] });
        return _draft.ToGraph();
    }

    private static bool IsAlike(OnnxNode node, OnnxNode other) =>
        node.OpType == other.OpType
        && node.Attributes.Values.Select(a => a.Proto).SequenceEqual(other.Attributes.Values.Select(a => a.Proto));

    private static bool IsSame(OnnxTensor one, OnnxTensor other) =>
        one.Shape.SequenceEqual(other.Shape)
        && one.RawData.Span.SequenceEqual(other.RawData.Span)
        && one.Strings.SequenceEqual(other.Strings);

    private OnnxFormatException Impossible(string what, OnnxNode reader) =>
        new(
            $"The graph '{_source.Name}' of opset {_source.Opset} computes {what} from the batch, for {reader.Describe()}. Export it "
                + $"with a newer opset (13 to {OnnxGraph.MaximumOpset}), or for a batch of 1."
        );

    /// <summary>A Reshape's target that works for any batch: 0 copies a size, -1 is the rest.</summary>
    private string? Target(OnnxTensor[] tensors, OnnxNode[] readers)
    {
        long[] target = tensors[0].ToInt64s(),
            other = tensors[1].ToInt64s(),
            opened = [.. target];
        for (int axis = 0; axis < target.Length; axis++)
            if (target[axis] != other[axis])
                opened[axis] = readers.All(r => Copies(_one.Types[r.Inputs[0]].Shape, axis, target[axis])) ? 0 : -1;
        return opened.Count(size => size == -1) <= 1 && readers.All(r => r.Int("allowzero", 0) == 0)
            ? _draft.Add(OnnxTensor.FromInt64s(tensors[0].Name, [opened.Length], opened))
            : null;

        static bool Copies(long[] input, int axis, long size) => axis < input.Length && input[axis] == size;
    }

    /// <summary>Whole numbers that grow with the batch: so much for each row, and so much besides.</summary>
    private string? Numbers(OnnxTensor[] tensors)
    {
        if (tensors[0].ElementType != OnnxElementType.Int64)
            return null;
        long[][] values = [.. tensors.Select(t => t.ToInt64s())];
        long[] each = new long[values[0].Length],
            besides = new long[values[0].Length];
        for (int i = 0; i < each.Length; i++)
        {
            each[i] = (values[1][i] - values[0][i]) / (_batches[1] - _batches[0]);
            besides[i] = values[0][i] - (each[i] * _batches[0]);
            for (int batch = 1; batch < _batches.Length; batch++)
                if (values[batch][i] != (each[i] * _batches[batch]) + besides[i])
                    return null;
        }
        return Computed(tensors[0].Name, [.. tensors[0].Shape], each, besides);
    }

    /// <summary>A tensor that has the same along an axis for each of the batch, or several of it.</summary>
    private string? Rows(OnnxTensor[] tensors)
    {
        OnnxTensor first = tensors[0];
        if (
            tensors.Any(t => t.Shape.Count != first.Shape.Count || t.Strings.Count > 0)
            || OnnxTensor.SizeOf(first.ElementType) is not (> 0 and var size)
        )
            return null;
        int[] growing = [.. Enumerable.Range(0, first.Shape.Count).Where(axis => tensors.Any(t => t.Shape[axis] != first.Shape[axis]))];
        if (growing is not [var along] || tensors.Any(t => t.Shape[along] == 0))
            return null;
        int inner = size * (int)first.Shape.Skip(along + 1).Aggregate(1L, (product, d) => product * d),
            outer = (int)first.Shape.Take(along).Aggregate(1L, (product, d) => product * d);
        byte[] row = Part(first, 0);
        if (tensors.Any(t => Enumerable.Range(0, (int)t.Shape[along]).Any(i => !Part(t, i).AsSpan().SequenceEqual(row))))
            return null;
        OnnxTensor[] shapes = [.. tensors.Select(t => OnnxTensor.FromInt64s(first.Name + "/sizes", [t.Shape.Count], [.. t.Shape]))];
        if (Numbers(shapes) is not { } sizes)
            return null;
        string one = _draft.Add(
            new OnnxTensor(first.Name + "/row", first.ElementType, [.. first.Shape.Select((d, axis) => axis == along ? 1 : d)], row)
        );
        return Node("Expand", first.Name + "/rows", one, sizes);

        byte[] Part(OnnxTensor tensor, int index)
        {
            var part = new byte[outer * inner];
            for (int o = 0; o < outer; o++)
                tensor.RawData.Span.Slice(((o * (int)tensor.Shape[along]) + index) * inner, inner).CopyTo(part.AsSpan(o * inner));
            return part;
        }
    }

    private string Computed(string name, long[] shape, long[] each, long[] besides)
    {
        string computed = Node("Mul", name + "/grown", Count(), _draft.Add(OnnxTensor.FromInt64s(name + "/each", shape, each)));
        return besides.All(b => b == 0)
            ? computed
            : Node("Add", name + "/sum", computed, _draft.Add(OnnxTensor.FromInt64s(name + "/besides", shape, besides)));
    }

    /// <summary>The number of rows, a scalar.</summary>
    private string Count() =>
        _count ??= Node(
            "Gather",
            "batch/count",
            Node("Shape", "batch/sizes", _source.Inputs.First(i => i.Shape![0].Size is null).Name),
            _draft.Add(OnnxTensor.FromInt64s("batch/first", [], [0]))
        );

    private string Node(string opType, string wished, params string[] inputs)
    {
        string output = _draft.NewName(wished);
        _draft.Add(OnnxNode.Create(opType, inputs, [output]) with { Name = "" });
        return output;
    }
}
