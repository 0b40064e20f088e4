using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// A pooling window larger than the image, which ceil_mode lets hang over the end, becomes one of the image's size. PyTorch's exporter
/// writes such nodes for a mean over the whole image.
/// </summary>
internal sealed class OversizedPoolForm(string opType) : NodeRewrite(opType)
{
    public override bool Applies(LoweringNode node) =>
        node.Node.Int("ceil_mode", 0) != 0
        && node.Node.Ints("kernel_shape") is { } kernel
        && kernel.Length == node.Rank(0) - 2
        && kernel.Zip(node.Shape(0).Skip(2)).Any(d => d.First > d.Second)
        && (node.Node.Ints("pads") ?? []).All(pad => pad == 0)
        && (node.Node.Ints("dilations") ?? []).All(dilation => dilation == 1);

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] kernel = node.Node.Ints("kernel_shape")!;
        long[] strides = node.Node.Ints("strides") ?? [.. kernel.Select(_ => 1L)];
        for (int i = 0; i < kernel.Length; i++)
        {
            long size = node.Shape(0)[i + 2];
            if (kernel[i] - size >= strides[i])
                throw node.Malformed($"no window of {kernel[i]} with stride {strides[i]} starts inside an image of {size}");
            kernel[i] = Math.Min(kernel[i], size);
        }
        var attributes = node.Node.Attributes.ToDictionary();
        attributes["kernel_shape"] = OnnxAttribute.Of("kernel_shape", kernel);
        build.Replace(node.Node with { Attributes = attributes });
    }
}
