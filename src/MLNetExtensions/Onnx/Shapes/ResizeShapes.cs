using MLNetExtensions.Onnx.Lowering;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Resize, by scales or by sizes.</summary>
internal static class ResizeShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("Resize", Resize)];

    private static TensorType[] Resize(LoweringNode node)
    {
        long[] shape = [.. node.Shape(0)];
        int[] axes = node.Node.Ints("axes") is { } given
            ? [.. given.Select(a => node.Axis(a, shape.Length))]
            : [.. Enumerable.Range(0, shape.Length)];
        if (node.HasInput(3))
        {
            if (node.Node.String("keep_aspect_ratio_policy", "stretch") != "stretch")
                throw new UnsupportedNodeException("keep_aspect_ratio_policy is not supported");
            long[] sizes = node.RequiredInts(3);
            for (int i = 0; i < axes.Length; i++)
                shape[axes[i]] = sizes[i];
        }
        else
        {
            OnnxTensor scales = node.Constant(2) ?? throw new UnsupportedNodeException("the scales depend on the data");
            float[] factors = scales.ToFloats();
            if (factors.Length != axes.Length)
                throw node.Malformed($"{factors.Length} scales do not fit {axes.Length} dimensions");
            for (int i = 0; i < axes.Length; i++)
                shape[axes[i]] = (long)Math.Floor(shape[axes[i]] * factors[i]);
        }
        return [new(node.ElementType(0), shape)];
    }
}
