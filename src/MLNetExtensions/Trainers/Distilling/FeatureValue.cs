using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Trainers.Distilling;

/// <summary>A network's features as one vector an image: what its last layer reads, maps averaged over the image.</summary>
/// <param name="Graph">The network, with nodes added where the features were maps.</param>
/// <param name="Name">The value that holds the features, Float[batch, Count].</param>
/// <param name="Count">The number of features.</param>
internal sealed record FeatureValue(OnnxGraph Graph, string Name, int Count)
{
    /// <exception cref="OnnxFormatException">The features are neither vectors nor maps.</exception>
    public static FeatureValue Find(OnnxGraph graph)
    {
        string features = ClassifierSearch.FindFeatures(graph).Value;
        long[] shape = ValueTypes.Infer(graph)[features].Shape;
        if (shape.Length == 2)
            return new FeatureValue(graph, features, (int)shape[1]);
        if (shape.Length != 4)
            throw new OnnxFormatException(
                $"The features '{features}' of the graph '{graph.Name}' have {shape.Length} dimensions; hints compare vectors [batch, "
                    + $"n] or maps [batch, n, height, width]. Set HintWeight to 0."
            );
        var names = new ValueNames(graph);
        (string pooled, string flat) = (names.Take(features + "/pooled"), names.Take(features + "/vector"));
        return new FeatureValue(
            graph with
            {
                Nodes =
                [
                    .. graph.Nodes,
                    OnnxNode.Create("GlobalAveragePool", [features], [pooled]),
                    OnnxNode.Create("Flatten", [pooled], [flat]),
                ],
            },
            flat,
            (int)shape[1]
        );
    }
}
