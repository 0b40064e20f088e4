using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>auto_pad becomes explicit pads; as the sizes are known, so are they.</summary>
internal sealed class AutoPadForm(string opType) : NodeRewrite(opType)
{
    public override bool Applies(LoweringNode node) => node.Node.String("auto_pad", "NOTSET") != "NOTSET";

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] sizes = node.Shape(0)[2..];
        string mode = node.Node.String("auto_pad", "");
        var attributes = node.Node.Attributes.Where(a => a.Key is not ("auto_pad" or "pads")).ToDictionary();
        OnnxNode plain = node.Node with { Attributes = attributes };
        if (mode is "SAME_UPPER" or "SAME_LOWER")
        {
            var window = new SlidingWindow(
                new LoweringNode(plain, build.Values),
                sizes.Length,
                OpType == "Conv" ? node.Shape(1)[2..] : null
            );
            var pads = new long[2 * sizes.Length];
            for (int i = 0; i < sizes.Length; i++)
            {
                long outputs = (sizes[i] + window.Strides[i] - 1) / window.Strides[i];
                long total = Math.Max((outputs - 1) * window.Strides[i] + window.Extent(i) - sizes[i], 0);
                (pads[i], pads[i + sizes.Length]) = mode == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
            }
            attributes["pads"] = OnnxAttribute.Of("pads", pads);
        }
        else if (mode != "VALID")
        {
            throw node.Malformed($"auto_pad is '{mode}'");
        }
        build.Replace(plain);
    }
}
