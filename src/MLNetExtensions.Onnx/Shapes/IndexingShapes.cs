using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Tensors;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Slices, gathers and scatters, and operators that make tensors from sizes.</summary>
internal static class IndexingShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            ("Slice", node => [new(node.ElementType(0), [.. Slices(node).Select(s => s.Count)])]),
            ("Gather", Gather),
            ("GatherElements", node => [new(node.ElementType(0), node.Shape(1))]),
            ("GatherND", GatherND),
            ("OneHot", OneHot),
            ("Shape", Shape),
            ("Size", _ => [new(OnnxElementType.Int64, [])]),
            ("ConstantOfShape", node => [new(node.Node.Tensor("value")?.ElementType ?? OnnxElementType.Float, node.RequiredInts(0))]),
            ("Range", Range),
            ("EyeLike", node => [new(node.Node.Int("dtype", 0) > 0 ? node.TypeAttribute("dtype") : node.ElementType(0), node.Shape(0))]),
            ("Constant", node => Constant(ConstantNode.Read(node.Node))),
        ];

    /// <summary>The first index, the step and the number of elements that a Slice takes of one dimension.</summary>
    public readonly record struct Section(long Start, long Step, long Count);

    /// <summary>The section that a Slice takes from each dimension.</summary>
    public static Section[] Slices(LoweringNode node)
    {
        long[] shape = node.Shape(0);
        long[] starts = node.RequiredInts(1);
        long[] ends = node.RequiredInts(2);
        long[] axes = node.Ints(3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = node.Ints(4) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw node.Malformed("starts, ends, axes and steps differ in length");

        Section[] sections = [.. shape.Select(size => new Section(0, 1, size))];
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = node.Axis(axes[i], shape.Length);
            long size = shape[axis];
            long step = steps[i];
            if (step == 0)
                throw node.Malformed("a step is 0");
            long start = Math.Clamp(starts[i] < 0 ? starts[i] + size : starts[i], 0, step > 0 ? size : Math.Max(size - 1, 0));
            // The smallest integers stand for "beyond the start": adding the size must not wrap around.
            long end = Math.Clamp(ends[i] < 0 ? ends[i] + size : ends[i], step > 0 ? 0 : -1, size);
            long distance = step > 0 ? end - start : start - end;
            sections[axis] = new Section(start, step, size == 0 || distance <= 0 ? 0 : (distance - 1) / Math.Abs(step) + 1);
        }
        return sections;
    }

    private static TensorType[] Gather(LoweringNode node)
    {
        long[] x = node.Shape(0);
        int axis = node.Axis(node.Node.Int("axis", 0), x.Length);
        return [new(node.ElementType(0), [.. x[..axis], .. node.Shape(1), .. x[(axis + 1)..]])];
    }

    private static TensorType[] GatherND(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long[] indices = node.Shape(1);
        int batch = (int)node.Node.Int("batch_dims", 0);
        return [new(node.ElementType(0), [.. indices[..^1], .. x[(batch + (int)indices[^1])..]])];
    }

    private static TensorType[] OneHot(LoweringNode node)
    {
        int rank = node.Rank(0) + 1;
        int axis = node.Axis(node.Node.Int("axis", -1), rank);
        var shape = new List<long>(node.Shape(0));
        shape.Insert(axis, node.RequiredInts(1)[0]);
        return [new(node.ElementType(2), [.. shape])];
    }

    private static TensorType[] Shape(LoweringNode node)
    {
        (int start, int end) = ShapeRange(node);
        return [new(OnnxElementType.Int64, [Math.Max(end - start, 0)])];
    }

    /// <summary>The dimensions that a Shape node tells.</summary>
    public static (int Start, int End) ShapeRange(LoweringNode node)
    {
        int rank = node.Rank(0);
        return (Clamp(node.Node.Int("start", 0)), Clamp(node.Node.Int("end", rank)));

        int Clamp(long index) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
    }

    private static TensorType[] Range(LoweringNode node)
    {
        double[] limits =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    (double)
                        (
                            node.Constant(i)
                            ?? throw new UnsupportedNodeException(
                                $"input {i} depends on the data, so that the shape cannot be known beforehand"
                            )
                        ).ToFloats()[0]
                ),
        ];
        return [new(node.ElementType(0), [Math.Max((long)Math.Ceiling((limits[1] - limits[0]) / limits[2]), 0)])];
    }

    private static TensorType[] Constant(OnnxTensor value) => [new(value.ElementType, [.. value.Shape])];
}
