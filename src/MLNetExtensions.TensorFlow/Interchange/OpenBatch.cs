using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>
/// One graph for any batch out of two for fixed ones, whose kernels know all sizes. What differs between them comes from the batch: sizes
/// of inputs, and constants, which become computed ones.
/// </summary>
internal sealed class OpenBatch
{
    private readonly GraphDef _graph;
    private readonly long _first,
        _second;
    private readonly Dictionary<string, List<string>> _readers = [];
    private readonly HashSet<string> _names;
    private readonly string _input;
    private string? _batch;

    private OpenBatch(GraphDef first, long firstBatch, long secondBatch, string input)
    {
        (_graph, _first, _second, _input) = (first.Clone(), firstBatch, secondBatch, input);
        _names = [.. first.Node.Select(n => n.Name)];
        foreach (NodeDef node in first.Node)
            for (int i = 0; i < node.Input.Count; i++)
            {
                if (!_readers.TryGetValue(node.Input[i], out List<string>? readers))
                    _readers.Add(node.Input[i], readers = []);
                readers.Add($"{node.Op}:{i}");
            }
    }

    /// <summary>Joins two graphs of the same network.</summary>
    /// <param name="first">One.</param>
    /// <param name="firstBatch">Its batch.</param>
    /// <param name="second">The other.</param>
    /// <param name="secondBatch">Its batch.</param>
    /// <param name="input">The node whose first size is the batch.</param>
    /// <returns>The graph; null if the two differ in more than sizes, as where a batch happens to equal another size.</returns>
    /// <exception cref="NotSupportedException">A node depends on the batch in a way that cannot be open.</exception>
    public static GraphDef? Join(GraphDef first, long firstBatch, GraphDef second, long secondBatch, string input)
    {
        if (first.Node.Count != second.Node.Count)
            return null;
        var join = new OpenBatch(first, firstBatch, secondBatch, input);
        for (int i = 0; i < first.Node.Count; i++)
        {
            (NodeDef a, NodeDef b) = (first.Node[i], second.Node[i]);
            if (a.Name != b.Name || a.Op != b.Op || !a.Input.Equals(b.Input) || a.Attr.Count != b.Attr.Count)
                return null;
            foreach ((string name, AttrValue value) in a.Attr)
                if (!b.Attr.TryGetValue(name, out AttrValue? other))
                    return null;
                else if (!value.Equals(other))
                    join.Open(join._graph.Node[i], name, value, other);
        }
        return join._graph;
    }

    /// <summary>The sizes of two values that differ only in the batch, -1 if they do.</summary>
    public static long[] Shape(long[] first, long[] second) => [.. first.Zip(second, (a, b) => a == b ? a : -1)];

    private void Open(NodeDef node, string attribute, AttrValue a, AttrValue b)
    {
        if (node.Op == "Placeholder" && attribute == "shape")
        {
            foreach ((TensorShapeProto.Types.Dim size, TensorShapeProto.Types.Dim other) in node.Attr["shape"].Shape.Dim.Zip(b.Shape.Dim))
                size.Size = size.Size == other.Size ? size.Size : -1;
            return;
        }
        if (node.Op != "Const" || attribute != "value")
            throw Fixed(node);
        OnnxTensor first = TensorReading.Read(a.Tensor, node.Name),
            second = TensorReading.Read(b.Tensor, node.Name);
        bool sizes =
            first.ElementType == second.ElementType
            && first.ElementType is OnnxElementType.Int32 or OnnxElementType.Int64
            && first.Shape.Count == 1;
        if (sizes && first.Count == second.Count)
            OpenSizes(node, first.ToInt64s(), second.ToInt64s());
        else
            OpenRows(node, first, second);
    }

    /// <summary>A list of sizes, each the same or a multiple of the batch with something added.</summary>
    private void OpenSizes(NodeDef node, long[] first, long[] second)
    {
        (long Factor, long More)[] parts =
        [
            .. first.Zip(
                second,
                (a, b) =>
                {
                    long factor = (b - a) / (_second - _first);
                    return factor * (_second - _first) == b - a ? (factor, a - (factor * _first)) : throw Fixed(node);
                }
            ),
        ];
        // The size that a Reshape finds by itself.
        if (
            parts.Count(p => p.Factor != 0) == 1
            && parts.Single(p => p.Factor != 0).More == 0
            && _readers.GetValueOrDefault(node.Name, []).TrueForAll(r => r == "Reshape:1")
        )
            Rewrite(node, "Const", [], Number(node, [.. parts.Select(p => p.Factor == 0 ? p.More : -1)], isList: true));
        else
            Pack(node, parts, node.Attr["dtype"].Type);
    }

    /// <summary>A constant whose rows were repeated for the batch.</summary>
    private void OpenRows(NodeDef node, OnnxTensor first, OnnxTensor second)
    {
        if (first.Shape.Count != second.Shape.Count || first.ElementType != second.ElementType)
            throw Fixed(node);
        int[] axes = [.. Enumerable.Range(0, first.Shape.Count).Where(i => first.Shape[i] != second.Shape[i])];
        if (
            axes.Length != 1
            || first.Shape[axes[0]] != _first
            || second.Shape[axes[0]] != _second
            || Row(first, axes[0]) is not { } row
            || Row(second, axes[0]) is not { } other
            || !row.AsSpan().SequenceEqual(other)
        )
            throw Fixed(node);
        (long Factor, long More)[] shape = [.. first.Shape.Select((size, axis) => axis == axes[0] ? (1L, 0L) : (0L, size))];
        var single = new TensorProto
        {
            Dtype = node.Attr["dtype"].Type,
            TensorShape = new TensorShapeProto(),
            TensorContent = ByteString.CopyFrom(row),
        };
        single.TensorShape.Dim.AddRange(
            first.Shape.Select((size, axis) => new TensorShapeProto.Types.Dim { Size = axis == axes[0] ? 1 : size })
        );
        NodeDef source = Add(
            node.Name + "/row",
            "Const",
            [],
            ("dtype", node.Attr["dtype"].Clone()),
            ("value", new AttrValue { Tensor = single })
        );
        NodeDef target = Add(node.Name + "/shape", "Const", []);
        Pack(target, shape, (int)DataType.Int32);
        Rewrite(node, "BroadcastTo", [source.Name, target.Name], ("T", node.Attr["dtype"].Clone()), ("Tidx", Type((int)DataType.Int32)));
    }

    /// <summary>The content shared by all positions along an axis; null if they differ.</summary>
    private static byte[]? Row(OnnxTensor tensor, int axis)
    {
        ReadOnlySpan<byte> bytes = tensor.RawData.Span;
        int before = (int)tensor.Shape.Take(axis).Aggregate(1L, (a, b) => a * b),
            rows = (int)tensor.Shape[axis],
            after = bytes.Length / Math.Max(1, before * rows);
        var row = new byte[before * after];
        for (int i = 0; i < before; i++)
        {
            ReadOnlySpan<byte> one = bytes.Slice(i * rows * after, after);
            for (int j = 1; j < rows; j++)
                if (!bytes.Slice(((i * rows) + j) * after, after).SequenceEqual(one))
                    return null;
            one.CopyTo(row.AsSpan(i * after));
        }
        return row;
    }

    /// <summary>Makes a node a list of sizes that are computed at each run.</summary>
    private void Pack(NodeDef node, (long Factor, long More)[] parts, int type)
    {
        var elements = new List<string>();
        foreach ((long factor, long rest) in parts)
        {
            string name = factor == 0 ? Scalar(node, rest, type) : Batch(node, type);
            if (factor is not (0 or 1))
                name = Add(node.Name + "/times", "Mul", [name, Scalar(node, factor, type)], ("T", Type(type))).Name;
            if (factor != 0 && rest != 0)
                name = Add(node.Name + "/plus", "AddV2", [name, Scalar(node, rest, type)], ("T", Type(type))).Name;
            elements.Add(name);
        }
        Rewrite(node, "Pack", elements, ("N", new AttrValue { I = parts.Length }), ("T", Type(type)), ("axis", new AttrValue { I = 0 }));
    }

    /// <summary>The number of rows of the input.</summary>
    private string Batch(NodeDef reader, int type)
    {
        if (_batch is null)
        {
            string shape = Add(
                "batch/shape",
                "Shape",
                [_input],
                ("T", _graph.Node.First(n => n.Name == _input).Attr["dtype"].Clone()),
                ("out_type", Type((int)DataType.Int32))
            ).Name;
            string zero = Numbers("batch/begin", 0),
                one = Numbers("batch/end", 1);
            _batch = Add(
                "batch/size",
                "StridedSlice",
                [shape, zero, one, one],
                ("T", Type((int)DataType.Int32)),
                ("Index", Type((int)DataType.Int32)),
                ("begin_mask", Int(0)),
                ("ellipsis_mask", Int(0)),
                ("end_mask", Int(0)),
                ("new_axis_mask", Int(0)),
                ("shrink_axis_mask", Int(1))
            ).Name;
        }
        return type == (int)DataType.Int32
            ? _batch
            : Add(
                reader.Name + "/batch",
                "Cast",
                [_batch],
                ("SrcT", Type((int)DataType.Int32)),
                ("DstT", Type(type)),
                ("Truncate", new AttrValue { B = false })
            ).Name;

        string Numbers(string name, int value) =>
            Add(
                name,
                "Const",
                [],
                ("dtype", Type((int)DataType.Int32)),
                ("value", Tensor((int)DataType.Int32, [value], isList: true))
            ).Name;

        static AttrValue Int(long value) => new() { I = value };
    }

    private string Scalar(NodeDef reader, long value, int type) =>
        Add(reader.Name + "/size", "Const", [], ("dtype", Type(type)), ("value", Tensor(type, [value], isList: false))).Name;

    private NodeDef Add(string name, string op, IEnumerable<string> inputs, params IEnumerable<(string, AttrValue)> attributes)
    {
        string free = name;
        for (int i = 1; !_names.Add(free); i++)
            free = $"{name}_{i}";
        var node = new NodeDef { Name = free };
        Rewrite(node, op, inputs, attributes);
        _graph.Node.Add(node);
        return node;
    }

    private static void Rewrite(
        NodeDef node,
        string op,
        IEnumerable<string> inputs,
        params IEnumerable<(string Name, AttrValue Value)> attributes
    )
    {
        node.Op = op;
        node.Input.Clear();
        node.Input.AddRange(inputs);
        node.Attr.Clear();
        foreach ((string name, AttrValue value) in attributes)
            node.Attr[name] = value;
    }

    private static (string, AttrValue)[] Number(NodeDef node, long[] values, bool isList)
    {
        int type = node.Attr["dtype"].Type;
        return [("dtype", Type(type)), ("value", Tensor(type, values, isList))];
    }

    private static AttrValue Type(int type) => new() { Type = type };

    private static AttrValue Tensor(int type, long[] values, bool isList)
    {
        var tensor = new TensorProto { Dtype = type, TensorShape = new TensorShapeProto() };
        if (isList)
            tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = values.Length });
        if (type == (int)DataType.Int32)
            tensor.IntVal.AddRange(values.Select(v => checked((int)v)));
        else
            tensor.Int64Val.AddRange(values);
        return new AttrValue { Tensor = tensor };
    }

    private static NotSupportedException Fixed(NodeDef node) =>
        new(
            $"The network cannot be written for any number of rows: {node.Op} '{node.Name}' depends on it. Set "
                + $"{nameof(TensorFlowExportOptions)}.{nameof(TensorFlowExportOptions.BatchSize)} to write it for one number."
        );
}
