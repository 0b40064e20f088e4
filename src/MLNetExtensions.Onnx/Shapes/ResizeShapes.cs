using MLNetExtensions.Onnx.Operators;
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
            long[] sizes = node.RequiredInts(3);
            if (sizes.Length != axes.Length)
                throw node.Malformed($"{sizes.Length} sizes do not fit {axes.Length} dimensions");
            sizes = KeepAspectRatio(node, [.. axes.Select(a => shape[a])], sizes);
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

    /// <summary>The sizes that one common factor gives, which makes none larger, or none smaller, than asked for.</summary>
    private static long[] KeepAspectRatio(LoweringNode node, long[] input, long[] sizes)
    {
        IEnumerable<float> factors = sizes.Zip(input, (size, old) => size / (float)old);
        float factor;
        switch (node.Node.String("keep_aspect_ratio_policy", "stretch"))
        {
            case "not_larger":
                factor = factors.Min();
                break;
            case "not_smaller":
                factor = factors.Max();
                break;
            default:
                return sizes;
        }
        return [.. input.Select(old => (long)MathF.Floor((factor * old) + 0.5f))];
    }
}
