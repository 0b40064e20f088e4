using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Operators that move elements without looking at them.</summary>
internal static class LayoutShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            ("Reshape", Reshape),
            ("Flatten", Flatten),
            ("Transpose", node => [new(node.ElementType(0), [.. Permutation(node).Select(i => node.Shape(0)[i])])]),
            ("Squeeze", Squeeze),
            ("Unsqueeze", Unsqueeze),
            ("Concat", Concat),
            ("Split", Split),
            ("Expand", Expand),
            ("Tile", node => [new(node.ElementType(0), [.. node.Shape(0).Zip(node.RequiredInts(1), (size, times) => size * times)])]),
            ("Pad", Pad),
            ("DepthToSpace", DepthToSpace),
            ("SpaceToDepth", SpaceToDepth),
        ];

    /// <summary>The order of dimensions of a Transpose; the default reverses them.</summary>
    public static int[] Permutation(LoweringNode node)
    {
        int rank = node.Rank(0);
        int[] order = node.Node.Ints("perm") is { } given ? [.. given.Select(a => (int)a)] : [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank))
            ? order
            : throw node.Malformed("perm does not name each dimension once");
    }

    /// <summary>The begin and end pads of each dimension of the input.</summary>
    public static (long[] Begins, long[] Ends) Pads(LoweringNode node)
    {
        int rank = node.Rank(0);
        long[] pads = node.RequiredInts(1);
        long[] axes = node.Ints(3) ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        if (pads.Length != 2 * axes.Length)
            throw node.Malformed($"{pads.Length} pads do not fit {axes.Length} dimensions");
        var begins = new long[rank];
        var ends = new long[rank];
        for (int i = 0; i < axes.Length; i++)
            (begins[node.Axis(axes[i], rank)], ends[node.Axis(axes[i], rank)]) = (pads[i], pads[i + axes.Length]);
        return (begins, ends);
    }

    /// <summary>The sizes of the parts of a Split.</summary>
    public static long[] Parts(LoweringNode node)
    {
        long size = node.Shape(0)[node.Axis(node.Node.Int("axis", 0), node.Rank(0))];
        if (node.Ints(1) is { } given)
            return given.Sum() == size && given.All(part => part >= 0)
                ? given
                : throw node.Malformed($"the parts [{string.Join(',', given)}] do not add up to {size}");
        long count = node.Node.Int("num_outputs", node.Node.Outputs.Count);
        if (count < 1 || count > Math.Max(size, node.Node.Outputs.Count))
            throw node.Malformed($"{size} cannot be split into {count} parts");
        long part = (size + count - 1) / count;
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp(size - i * part, 0, part))];
    }

    private static TensorType[] Reshape(LoweringNode node)
    {
        TensorType x = node.Type(0);
        long[] shape = [.. node.RequiredInts(1)];
        if (node.Node.Int("allowzero", 0) == 0)
            for (int i = 0; i < shape.Length; i++)
                if (shape[i] == 0)
                    shape[i] =
                        i < x.Shape.Length ? x.Shape[i] : throw node.Malformed($"size 0 at {i} copies a dimension that is not there");
        int free = Array.IndexOf(shape, -1);
        if (shape.Any(s => s < -1) || Array.LastIndexOf(shape, -1) != free)
            throw node.Malformed(
                $"[{string.Join(',', node.RequiredInts(1))}] is no shape: one size may be -1, the others are not negative"
            );
        if (free >= 0)
        {
            long known = shape.Where(s => s != -1).Aggregate(1L, (product, size) => product * size);
            shape[free] = known == 0 ? 0 : x.Count / known;
        }
        return shape.Aggregate(1L, (product, size) => product * size) == x.Count
            ? [new(x.ElementType, shape)]
            : throw node.Malformed($"{x.Count} elements do not fill the shape [{string.Join(',', node.RequiredInts(1))}]");
    }

    private static TensorType[] Flatten(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long axis = node.Node.Int("axis", 1);
        int cut = axis == x.Length ? x.Length : node.Axis(axis, x.Length);
        return [new(node.ElementType(0), [Product(x[..cut]), Product(x[cut..])])];
    }

    private static TensorType[] Squeeze(LoweringNode node)
    {
        long[] x = node.Shape(0);
        int[] axes = node.Ints(1) is { } given
            ? [.. given.Select(a => node.Axis(a, x.Length))]
            : [.. Enumerable.Range(0, x.Length).Where(i => x[i] == 1)];
        if (axes.Any(a => x[a] != 1))
            throw node.Malformed($"only dimensions of size 1 can be squeezed, not [{string.Join(',', axes)}]");
        return [new(node.ElementType(0), [.. x.Where((_, i) => !axes.Contains(i))])];
    }

    private static TensorType[] Unsqueeze(LoweringNode node)
    {
        long[] axes = node.RequiredInts(1);
        int rank = node.Rank(0) + axes.Length;
        int[] added = [.. axes.Select(a => node.Axis(a, rank))];
        if (added.Distinct().Count() != added.Length)
            throw node.Malformed("an axis is given twice");
        var rest = new Queue<long>(node.Shape(0));
        return [new(node.ElementType(0), [.. Enumerable.Range(0, rank).Select(i => added.Contains(i) ? 1 : rest.Dequeue())])];
    }

    private static TensorType[] Concat(LoweringNode node)
    {
        long[] shape = [.. node.Shape(0)];
        int axis = node.Axis(node.Node.Int("axis", 0), shape.Length);
        for (int i = 1; i < node.InputCount; i++)
        {
            long[] other = node.Shape(i);
            if (other.Length != shape.Length || shape.Where((size, d) => d != axis && size != other[d]).Any())
                throw node.Malformed($"input {i} does not fit beside the others along axis {axis}");
            shape[axis] += other[axis];
        }
        return [new(node.ElementType(0), shape)];
    }

    private static TensorType[] Split(LoweringNode node)
    {
        int axis = node.Axis(node.Node.Int("axis", 0), node.Rank(0));
        return
        [
            .. Parts(node)
                .Select(part =>
                {
                    long[] shape = [.. node.Shape(0)];
                    shape[axis] = part;
                    return new TensorType(node.ElementType(0), shape);
                }),
        ];
    }

    private static TensorType[] Expand(LoweringNode node) =>
        [
            new(
                node.ElementType(0),
                Broadcasting.TryShape(node.Shape(0), node.RequiredInts(1))
                    ?? throw node.Malformed($"the input does not expand to [{string.Join(',', node.RequiredInts(1))}]")
            ),
        ];

    private static TensorType[] Pad(LoweringNode node)
    {
        (long[] begins, long[] ends) = Pads(node);
        long[] shape = [.. node.Shape(0).Select((size, i) => size + begins[i] + ends[i])];
        return shape.Any(s => s < 0) ? throw node.Malformed("negative pads cut off more than there is") : [new(node.ElementType(0), shape)];
    }

    private static TensorType[] DepthToSpace(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long block = node.Node.Int("blocksize", 0);
        return x.Length == 4 && block > 0 && x[1] % (block * block) == 0
            ? [new(node.ElementType(0), [x[0], x[1] / (block * block), x[2] * block, x[3] * block])]
            : throw node.Malformed($"blocksize {block} does not fit the input");
    }

    private static TensorType[] SpaceToDepth(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long block = node.Node.Int("blocksize", 0);
        return x.Length == 4 && block > 0 && x[2] % block == 0 && x[3] % block == 0
            ? [new(node.ElementType(0), [x[0], x[1] * block * block, x[2] / block, x[3] / block])]
            : throw node.Malformed($"blocksize {block} does not fit the input");
    }

    private static long Product(long[] sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
