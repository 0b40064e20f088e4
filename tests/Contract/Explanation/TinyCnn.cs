using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>The network of tests/Golden/tuning/explain_tiny_cnn.json, its image, and what methods say of it. tests/Peers runs the same code, so nothing here knows xunit.</summary>
internal static partial class TinyCnn
{
    public static JsonElement Golden { get; } = GoldenJson.Read("tuning", "explain_tiny_cnn.json");

    public static float[] Image => Golden.GetProperty("x").Singles();

    public static int Target => Golden.GetProperty("target").GetInt32();

    public static float[] Expected(params string[] path) => path.Aggregate(Golden, (element, name) => element.GetProperty(name)).Singles();

    /// <summary>The network: with its pooled head, or with the one that reads all places.</summary>
    public static OnnxGraph Graph(bool second = false)
    {
        OnnxNode[] head = second
            ? [OnnxNode.Create("Flatten", ["a2"], ["features"])]
            : [OnnxNode.Create("GlobalAveragePool", ["a2"], ["pool"]), OnnxNode.Create("Flatten", ["pool"], ["features"])];
        string fc = second ? "fc2" : "fc";
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 12, 12)],
            Outputs = [OnnxValue.Create("probabilities", OnnxElementType.Float, -1, 5)],
            Nodes =
            [
                OnnxNode.Create("Conv", ["x", "conv1_w", "conv1_b"], ["c1"], OnnxAttribute.Of("pads", 1L, 1, 1, 1)),
                OnnxNode.Create("Relu", ["c1"], ["a1"]),
                OnnxNode.Create(
                    "Conv",
                    ["a1", "conv2_w", "conv2_b"],
                    ["c2"],
                    OnnxAttribute.Of("pads", 1L, 1, 1, 1),
                    OnnxAttribute.Of("strides", 2L, 2)
                ),
                OnnxNode.Create("Relu", ["c2"], ["a2"]),
                .. head,
                OnnxNode.Create("Gemm", ["features", $"{fc}_w", $"{fc}_b"], ["logits"], OnnxAttribute.Of("transB", 1L)),
                OnnxNode.Create("Softmax", ["logits"], ["probabilities"]),
            ],
            Initializers = Golden
                .GetProperty("weights")
                .EnumerateObject()
                .Where(weight => weight.Name.StartsWith("conv", StringComparison.Ordinal) || weight.Name[..^2] == fc)
                .ToDictionary(
                    weight => weight.Name,
                    weight => OnnxTensor.FromFloats(weight.Name, weight.Value.Shape(), weight.Value.Singles())
                ),
        };
    }

    public static AttributionSetting Setting(bool second = false, int batch = 4) =>
        new(new MLContext(1), new ExplainedNetwork(Graph(second)), RuntimeUnderTest.Create, batch, Seed: 1);

    /// <summary>The map of a method for the golden image.</summary>
    public static AttributionMap Explain(ExplanationMethod method, bool second = false)
    {
        using IAttribution attribution = method.Open(Setting(second));
        float[] logits = new float[5];
        attribution.Score(Image, 1, logits);
        return attribution.Explain(Image, [Target], 0)[0];
    }
}
