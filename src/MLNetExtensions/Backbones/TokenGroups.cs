using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The positions where parts of a token network begin. Some networks have stages, each with fewer tokens than the one before (Swin,
/// MobileViT). In others the number of tokens is constant (ViT, DINOv2); their parts are the blocks: attention and the layers after it.
/// </summary>
internal sealed class TokenGroups
{
    // A class token and a few registers beside the image's tokens begin no stage.
    private const double Fewer = 0.6;

    private readonly Dictionary<OnnxNode, int> _parts = new(ReferenceEqualityComparer.Instance);

    /// <param name="graph">The network.</param>
    /// <param name="types">Its values' types.</param>
    /// <param name="flow">The values that change with the images.</param>
    public TokenGroups(OnnxGraph graph, ValueTypes types, DataFlow flow)
    {
        Dictionary<OnnxNode, long> positions = FindPositions(graph, types, flow);
        long[] stages = [.. positions.Values.Where(p => p > 1)];
        Func<OnnxNode, bool> begins =
            stages.Length > 0 && stages.Min() >= Fewer * stages.Max() ? BlockStarts.OfAttention(graph, flow).Contains : _ => false;
        int part = 0;
        long current = 0;
        foreach (OnnxNode node in graph.Nodes)
        {
            if (begins(node))
                part++;
            if (positions.TryGetValue(node, out long here))
            {
                if (here < Fewer * current)
                    part++;
                current = here;
            }
            _parts.Add(node, part);
        }
    }

    /// <summary>The number of the part that a node belongs to; it only grows.</summary>
    public int PartOf(OnnxNode node) => _parts[node];

    /// <summary>
    /// The number of positions of an image that a convolution or a linear layer works on: the most from there on, as branches may have
    /// fewer for a while. Windows, patches and the like lie in other dimensions, which changes nothing. A layer that sees one vector for an
    /// image, such as the classifier, has one.
    /// </summary>
    private static Dictionary<OnnxNode, long> FindPositions(OnnxGraph graph, ValueTypes types, DataFlow flow)
    {
        var positions = new Dictionary<OnnxNode, long>(ReferenceEqualityComparer.Instance);
        long most = 0;
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (types.Of(node)?.Shape is not { Length: >= 2 } shape || !node.Outputs.Any(flow.IsData))
                continue;
            long? channels = node.OpType switch
            {
                "Conv" => shape[1],
                "Gemm" => shape[^1],
                "MatMul" when node.Inputs.Count(flow.IsData) == 1 => shape[^1],
                _ => null,
            };
            if (channels is > 0)
                positions.Add(
                    node,
                    most = Math.Max(most, shape.Aggregate(1L, (product, size) => product * size) / (channels.Value * types.BatchSize))
                );
        }
        return positions;
    }
}
