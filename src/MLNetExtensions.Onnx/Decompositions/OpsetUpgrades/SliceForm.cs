using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Slice before opset 10 has starts, ends and axes as attributes.</summary>
internal sealed class SliceForm() : NodeRewrite("Slice", until: 9)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] starts = node.Node.Ints("starts") ?? throw node.Malformed("attribute 'starts' is missing");
        long[] ends = node.Node.Ints("ends") ?? throw node.Malformed("attribute 'ends' is missing");
        long[] axes = node.Node.Ints("axes") ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        build.Finish("Slice", [node.Node.Inputs[0], build.Ints(starts), build.Ints(ends), build.Ints(axes)]);
    }
}
