using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;
using static MLNetExtensions.Onnx.Constants.ConstantEvaluation;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>
/// Operators that move elements without looking at them; they work on the bytes, so that they keep every element type exactly.
/// </summary>
internal static class LayoutEvaluation
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            ("Identity", Reshape),
            ("Reshape", Reshape),
            ("Flatten", Reshape),
            ("Squeeze", Reshape),
            ("Unsqueeze", Reshape),
            ("Transpose", Transpose),
            ("Concat", Concat),
            ("Split", Split),
            ("Slice", Slice),
            ("Gather", Gather),
            ("GatherElements", GatherElements),
            ("Expand", Expand),
            ("Tile", Tile),
            ("Pad", Pad),
            ("Where", Where),
        ];

    private static OnnxTensor[] Reshape(LoweringNode node, TensorType[] types) => [node.Constant(0)!.Reshape(types[0].Shape)];

    /// <summary>A copy, without a name, whose dimensions stand in another order.</summary>
    public static OnnxTensor Transpose(OnnxTensor tensor, params IReadOnlyList<long> permutation)
    {
        long[] strides = Coordinates.Strides([.. tensor.Shape]);
        long[] permuted = [.. permutation.Select(axis => strides[axis])];
        return Pick(tensor, [.. permutation.Select(axis => tensor.Shape[(int)axis])], position => Coordinates.Offset(position, permuted));
    }

    private static OnnxTensor[] Transpose(LoweringNode node, TensorType[] types) =>
        [Transpose(node.Constant(0)!, [.. LayoutShapes.Permutation(node).Select(axis => (long)axis)])];

    private static OnnxTensor[] Concat(LoweringNode node, TensorType[] types)
    {
        int axis = node.Axis(node.Node.Int("axis", 0), types[0].Shape.Length);
        int size = OnnxTensor.SizeOf(types[0].ElementType);
        long rows = types[0].Shape[..axis].Aggregate(1L, (product, length) => product * length);
        var bytes = new byte[types[0].Count * size];
        Span<byte> rest = bytes;
        for (long row = 0; row < rows; row++)
        for (int i = 0; i < node.InputCount; i++)
        {
            ReadOnlySpan<byte> source = node.Constant(i)!.RawData.Span;
            int length = (int)(source.Length / rows);
            source.Slice((int)row * length, length).CopyTo(rest);
            rest = rest[length..];
        }
        return [new OnnxTensor("", types[0].ElementType, types[0].Shape, bytes)];
    }

    private static OnnxTensor[] Split(LoweringNode node, TensorType[] types)
    {
        long[] strides = Coordinates.Strides(node.Shape(0));
        int axis = node.Axis(node.Node.Int("axis", 0), node.Rank(0));
        long start = 0;
        return
        [
            .. types.Select(type =>
            {
                long first = start * strides[axis];
                start += type.Shape[axis];
                return Pick(node.Constant(0)!, type.Shape, position => first + Coordinates.Offset(position, strides));
            }),
        ];
    }

    private static OnnxTensor[] Slice(LoweringNode node, TensorType[] types)
    {
        long[] strides = Coordinates.Strides(node.Shape(0));
        IndexingShapes.Section[] sections = IndexingShapes.Slices(node);
        long first = Coordinates.Offset([.. sections.Select(s => s.Start)], strides);
        long[] steps = [.. sections.Select((s, axis) => s.Step * strides[axis])];
        return [Pick(node.Constant(0)!, types[0].Shape, position => first + Coordinates.Offset(position, steps))];
    }

    private static OnnxTensor[] Gather(LoweringNode node, TensorType[] types)
    {
        long[] shape = node.Shape(0);
        int axis = node.Axis(node.Node.Int("axis", 0), shape.Length);
        long[] strides = Coordinates.Strides(shape);
        long[] indexStrides = Coordinates.Strides(node.Shape(1));
        long[] indices = Indices(node, shape[axis]);
        int after = axis + indexStrides.Length;
        return
        [
            Pick(
                node.Constant(0)!,
                types[0].Shape,
                position =>
                    Coordinates.Offset(position.AsSpan(0, axis), strides)
                    + indices[Coordinates.Offset(position.AsSpan(axis, indexStrides.Length), indexStrides)] * strides[axis]
                    + Coordinates.Offset(position.AsSpan(after), strides.AsSpan(axis + 1))
            ),
        ];
    }

    private static OnnxTensor[] GatherElements(LoweringNode node, TensorType[] types)
    {
        long[] shape = node.Shape(0);
        int axis = node.Axis(node.Node.Int("axis", 0), shape.Length);
        long[] strides = Coordinates.Strides(shape);
        long[] indexStrides = Coordinates.Strides(node.Shape(1));
        long[] indices = Indices(node, shape[axis]);
        return
        [
            Pick(
                node.Constant(0)!,
                types[0].Shape,
                position =>
                    Coordinates.Offset(position, strides)
                    + (indices[Coordinates.Offset(position, indexStrides)] - position[axis]) * strides[axis]
            ),
        ];
    }

    private static OnnxTensor[] Expand(LoweringNode node, TensorType[] types)
    {
        long[] strides = Coordinates.BroadcastStrides(node.Shape(0), types[0].Shape.Length);
        return [Pick(node.Constant(0)!, types[0].Shape, position => Coordinates.Offset(position, strides))];
    }

    private static OnnxTensor[] Tile(LoweringNode node, TensorType[] types)
    {
        long[] shape = node.Shape(0);
        long[] strides = Coordinates.Strides(shape);
        return
        [
            Pick(
                node.Constant(0)!,
                types[0].Shape,
                position =>
                {
                    long offset = 0;
                    for (int i = 0; i < shape.Length; i++)
                        offset += position[i] % shape[i] * strides[i];
                    return offset;
                }
            ),
        ];
    }

    private static OnnxTensor[] Pad(LoweringNode node, TensorType[] types)
    {
        long[] shape = node.Shape(0);
        long[] strides = Coordinates.Strides(shape);
        long[] begins = LayoutShapes.Pads(node).Begins;
        string mode = node.Node.String("mode", "constant");
        return
        [
            Pick(
                node.Constant(0)!,
                types[0].Shape,
                position =>
                {
                    long offset = 0;
                    for (int i = 0; i < shape.Length; i++)
                    {
                        long index = Padded(position[i] - begins[i], shape[i], mode, node);
                        if (index < 0)
                            return -1;
                        offset += index * strides[i];
                    }
                    return offset;
                },
                node.Constant(2)
            ),
        ];
    }

    /// <summary>The element that stands at an index outside the tensor; -1 is the padding value.</summary>
    private static long Padded(long index, long size, string mode, LoweringNode node) =>
        mode switch
        {
            _ when index >= 0 && index < size => index,
            "constant" => -1,
            "edge" => Math.Clamp(index, 0, size - 1),
            "wrap" => ((index % size) + size) % size,
            "reflect" when size == 1 => 0,
            "reflect" => size - 1 - Math.Abs(((index % (2 * size - 2)) + 2 * size - 2) % (2 * size - 2) - (size - 1)),
            _ => throw node.Malformed($"mode is '{mode}'"),
        };

    private static OnnxTensor[] Where(LoweringNode node, TensorType[] types)
    {
        int rank = types[0].Shape.Length;
        long[][] strides = [.. Enumerable.Range(0, 3).Select(i => Coordinates.BroadcastStrides(node.Shape(i), rank))];
        long[] conditions = node.Constant(0)!.ToInt64s();
        int size = OnnxTensor.SizeOf(types[0].ElementType);
        var bytes = new byte[types[0].Count * size];
        int written = 0;
        foreach (long[] position in Coordinates.Of(types[0].Shape))
        {
            int chosen = conditions[Coordinates.Offset(position, strides[0])] != 0 ? 1 : 2;
            int offset = (int)Coordinates.Offset(position, strides[chosen]) * size;
            node.Constant(chosen)!.RawData.Span.Slice(offset, size).CopyTo(bytes.AsSpan(written));
            written += size;
        }
        return [new OnnxTensor("", types[0].ElementType, types[0].Shape, bytes)];
    }

    private static long[] Indices(LoweringNode node, long size)
    {
        long[] indices = node.RequiredInts(1);
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] < -size || indices[i] >= size)
                throw node.Malformed($"index {indices[i]} is outside a dimension of {size}");
            if (indices[i] < 0)
                indices[i] += size;
        }
        return indices;
    }

    /// <summary>
    /// A tensor whose every element is one of the source's, or the fill (0 where it is not given) where the offset is negative.
    /// </summary>
    private static OnnxTensor Pick(OnnxTensor source, long[] shape, Func<long[], long> offsetOf, OnnxTensor? fill = null)
    {
        int size = OnnxTensor.SizeOf(source.ElementType);
        ReadOnlySpan<byte> elements = source.RawData.Span;
        ReadOnlySpan<byte> filling = fill is null ? [] : fill.RawData.Span;
        var bytes = new byte[shape.Aggregate(1L, (product, length) => product * length) * size];
        int written = 0;
        foreach (long[] position in Coordinates.Of(shape))
        {
            long offset = offsetOf(position);
            ReadOnlySpan<byte> element = offset >= 0 ? elements.Slice((int)offset * size, size) : filling;
            element.CopyTo(bytes.AsSpan(written));
            written += size;
        }
        return new OnnxTensor("", source.ElementType, shape, bytes);
    }
}
