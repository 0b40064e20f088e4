using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Images of one and of four channels, and other things that stand first in a graph.</summary>
internal static class OddInputs
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("torch11-gray", d => Gray(d, "batch")) { Features = 24, Channels = 1 },
        new("torch9-gray-batch1", d => Gray(d, 1)) { Features = 24, Channels = 1 },
        new("torch13-gray-height-width", GrayRows) { Features = 24, Channels = 1 },
        new UnseenModel("torch13-gray-half", GrayHalf)
        {
            Features = 24,
            Channels = 1,
            Tolerance = 0.02,
        }.MayBeUntrainable("Float16|float32"),
        new("torch13-rgba", Rgba) { Features = 24, Channels = 4 },
        new("torch11-normalization-inside", NormalizationInside) { Features = 24, IsNormalizedInside = true },
        new("torch13-mean-variance-normalization", MeanVariance)
        {
            Features = 24,
            Tolerated = new Dictionary<UnseenStep, string> { [UnseenStep.AllLayers] = "MeanVarianceNormalization" },
        },
        new("torch13-bgr-flip-inside", BgrFlip) { Features = 24 },
        new("torch13-coordinates-channels", Coordinates) { Features = 24 },
    ];

    private static void Gray(ModelDraft d, object batch)
    {
        TorchScriptModels.Numbered(d, batch is int ? 9 : 11, "1.6");
        string x = d.Trunk(d.Input("input", batch, 1, 32, 32), 1, 8, 16, 24);
        d.End(d.Gemm(d.Flatten(d.GlobalPool(x)), 24, 10), "output", batch, 10);
    }

    /// <summary>Images [batch, height, width]; the channel is added inside.</summary>
    private static void GrayRows(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Unsqueeze(d.Input("x", "batch", 32, 32), 1);
        d.End(d.Classifier(d.Trunk(x, 1, 8, 16, 24), 24), "output", "batch", 10);
    }

    private static void GrayHalf(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        d.Float = OnnxElementType.Float16;
        d.End(d.Classifier(d.Trunk(d.Input("input", "batch", 1, 32, 32), 1, 8, 16, 24), 24), "output", "batch", 10);
    }

    private static void Rgba(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        d.End(d.Classifier(d.Trunk(d.Input("input", "batch", 4, 32, 32), 4, 8, 16, 24), 24), "output", "batch", 10);
    }

    /// <summary>Mean and deviation within the graph, as nodes before the first convolution.</summary>
    private static void NormalizationInside(ModelDraft d)
    {
        TorchScriptModels.Numbered(d, 11, "1.9");
        string x = d.Node("Div", [d.Input("input", "batch", 3, 32, 32), d.Scalar(255)]);
        x = d.Node("Sub", [x, d.Constant(OnnxTensor.FromFloats("mean", [1, 3, 1, 1], [0.485f, 0.456f, 0.406f]))]);
        x = d.Node("Div", [x, d.Constant(OnnxTensor.FromFloats("std", [1, 3, 1, 1], [0.229f, 0.224f, 0.225f]))]);
        d.End(d.Classifier(d.Trunk(x, 3, 8, 16, 24), 24), "output", "batch", 10);
    }

    private static void MeanVariance(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Node(
            "MeanVarianceNormalization",
            [d.Conv(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2)],
            Of("axes", 0L, 2, 3)
        );
        x = d.Relu(d.Conv(d.Node("MeanVarianceNormalization", [d.Relu(x)], Of("axes", 1L, 2, 3)), 8, 24, stride: 2));
        d.End(d.Classifier(x, 24), "output", "batch", 10);
    }

    /// <summary>The channels' order is turned round by Gather.</summary>
    private static void BgrFlip(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Gather(d.Input("input", "batch", 3, 32, 32), d.Longs(2, 1, 0), 1);
        d.End(d.Classifier(d.FoldedTrunk(x, 3, 8, 16, 24), 24), "output", "batch", 10);
    }

    /// <summary>CoordConv: the pixels' coordinates are channels, made by Expand for the batch at hand.</summary>
    private static void Coordinates(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Input("input", "batch", 3, 32, 32);
        string shape = d.Concat(0, d.Unsqueeze(d.BatchOf(x), 0), d.Longs(1), d.Longs(32), d.Longs(32));
        string rows = d.Node(
            "Expand",
            [d.Constant(OnnxTensor.FromFloats("rows", [1, 1, 32, 1], [.. Enumerable.Range(0, 32).Select(i => (i - 15.5f) / 16)])), shape]
        );
        x = d.Trunk(d.Concat(1, x, rows), 4, 8, 16, 24);
        d.End(d.Classifier(x, 24), "output", "batch", 10);
    }
}
