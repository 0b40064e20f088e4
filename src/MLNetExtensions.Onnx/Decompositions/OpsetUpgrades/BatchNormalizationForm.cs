using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// BatchNormalization before opset 14 says by its number of outputs whether it trains; as the session decides that, only the first output
/// stays.
/// </summary>
internal sealed class BatchNormalizationForm() : NodeRewrite("BatchNormalization", until: 13)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        if (node.Node.Int("spatial", 1) == 0)
            throw new UnsupportedNodeException("statistics for each position (spatial = 0) are not supported");
        if (Enumerable.Range(1, node.Node.Outputs.Count).Any(node.Node.HasOutput))
            throw new UnsupportedNodeException("its statistics are used as outputs");
        build.Replace(
            node.Node with
            {
                Outputs = [node.Node.Outputs[0]],
                Attributes = node.Node.Attributes.Where(a => a.Key is "epsilon" or "momentum").ToDictionary(),
            }
        );
    }
}
