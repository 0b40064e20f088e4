using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>A ConvTranspose that states its output_shape, or an auto_pad, gets explicit pads.</summary>
internal sealed class ConvTransposePadsForm() : NodeRewrite("ConvTranspose")
{
    public override bool Applies(LoweringNode node) =>
        node.Node.String("auto_pad", "NOTSET") != "NOTSET" || node.Node.Attributes.ContainsKey("output_shape");

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string mode = node.Node.String("auto_pad", "NOTSET");
        var attributes = node.Node.Attributes.Where(a => a.Key is not ("auto_pad" or "output_shape" or "pads")).ToDictionary();
        OnnxNode plain = node.Node with { Attributes = attributes };
        long[] sizes = node.Shape(0)[2..];
        var window = new SlidingWindow(new LoweringNode(plain, build.Values), sizes.Length, node.Shape(1)[2..]);
        long[] extra = node.Node.Ints("output_padding") ?? new long[sizes.Length];
        long[]? stated = node.Node.Ints("output_shape");
        if (stated?.Length > sizes.Length)
            stated = stated[^sizes.Length..];

        var pads = new long[2 * sizes.Length];
        if (mode != "VALID" || stated is not null)
            for (int i = 0; i < sizes.Length; i++)
            {
                long wanted = stated?[i] ?? sizes[i] * window.Strides[i];
                long total = window.Strides[i] * (sizes[i] - 1) + extra[i] + window.Extent(i) - wanted;
                // A larger output than the sum makes is lengthened at its end.
                extra[i] += Math.Max(-total, 0);
                total = Math.Max(total, 0);
                // The odd row goes to the end for SAME_UPPER, to the beginning otherwise.
                long small = total / 2;
                (pads[i], pads[i + sizes.Length]) = mode == "SAME_UPPER" ? (small, total - small) : (total - small, small);
            }
        if (extra.Any(e => e > 0))
            attributes["output_padding"] = OnnxAttribute.Of("output_padding", extra);
        attributes["pads"] = OnnxAttribute.Of("pads", pads);
        build.Replace(plain);
    }
}
