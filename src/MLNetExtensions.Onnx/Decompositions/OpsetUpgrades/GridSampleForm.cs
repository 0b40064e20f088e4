using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// GridSample of opset 16 to 19 says <c>bilinear</c> and <c>bicubic</c> where later ones, which have more than two axes, say <c>linear</c>
/// and <c>cubic</c>.
/// </summary>
internal sealed class GridSampleForm() : NodeRewrite("GridSample", until: 19)
{
    public override bool Applies(LoweringNode node) => NewMode(node) is not null;

    public override void Apply(LoweringNode node, SubgraphBuilder build) =>
        build.Replace(node.Node.With(OnnxAttribute.Of("mode", NewMode(node)!)));

    private static string? NewMode(LoweringNode node) =>
        node.Node.String("mode", "bilinear") switch
        {
            "bilinear" => "linear",
            "bicubic" => "cubic",
            _ => null,
        };
}
