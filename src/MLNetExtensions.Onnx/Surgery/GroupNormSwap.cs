using System.Numerics;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Replaces batch normalization, which mixes the images of a batch.</summary>
public static class GroupNormSwap
{
    /// <summary>
    /// The graph with GroupNormalization (arXiv 1803.08494) in the place of each BatchNormalization, for training in small batches or with
    /// differential privacy. Scale and bias stay; running statistics are gone, so a trained network has to be trained anew.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="groups">The number of groups; where it does not divide the channels, their greatest common divisor.</param>
    /// <returns>The graph, of an opset of at least 21; the same where it has no BatchNormalization.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="graph"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="groups"/> is less than 1.</exception>
    /// <exception cref="OnnxFormatException">A scale is not an initializer, so that the number of channels is not known.</exception>
    public static OnnxGraph ReplaceBatchNorm(this OnnxGraph graph, int groups = 32)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (!graph.Nodes.Any(IsBatchNorm))
            return graph;
        OnnxGraph recent = graph.Opset < 21 ? OpsetUpgrade.Apply(graph) : graph;
        return RemoveUnused.Apply(recent with { Nodes = [.. recent.Nodes.Select(node => IsBatchNorm(node) ? Swap(node) : node)] });

        OnnxNode Swap(OnnxNode node)
        {
            if (!recent.Initializers.TryGetValue(node.Inputs[1], out OnnxTensor? scale))
                throw new OnnxFormatException(
                    $"The scale of node {node.Describe()} is not an initializer: its number of channels is not known."
                );
            return OnnxNode.Create(
                "GroupNormalization",
                [.. node.Inputs.Take(3)],
                [node.Outputs[0]],
                OnnxAttribute.Of("num_groups", (long)BigInteger.GreatestCommonDivisor(groups, scale.Count)),
                OnnxAttribute.Of("epsilon", node.Float("epsilon", 1e-5f))
            ) with
            {
                Name = node.Name,
            };
        }
    }

    private static bool IsBatchNorm(OnnxNode node) => node is { OpType: "BatchNormalization", Domain: "" };
}
