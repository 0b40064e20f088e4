using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.NodeTests;

/// <summary>Which tests the product must answer for.</summary>
internal static class NodeTestScope
{
    /// <summary>The rule, for the manifest's header.</summary>
    public static string Rule =>
        $"every test of opset 7 to 22 with only number tensors whose operators are all of ONNX's own domain and registered for "
        + $"{RuntimeUnderTest.Name} or listed in NodeTestScope.Lowered";

    /// <summary>Operators without a kernel that lowering rewrites into others or computes from constants and shapes.</summary>
    private static readonly HashSet<string> Lowered =
    [
        "Constant",
        "ConstantOfShape",
        "EyeLike",
        "GRU",
        "LSTM",
        "LpNormalization",
        "MeanVarianceNormalization",
        "NegativeLogLikelihoodLoss",
        "RNN",
        "Range",
        "Scatter",
        "Shape",
        "Size",
        "SoftmaxCrossEntropyLoss",
        "Upsample",
    ];

    private static readonly HashSet<string> OpTypes = [.. RuntimeUnderTest.OpTypes];

    public static bool Contains(NodeTest test) =>
        test.Opset is >= OnnxGraph.MinimumOpset and <= OnnxGraph.MaximumOpset && test.HasOnlyNumbers && test.Ops.All(Claims);

    private static bool Claims((string Domain, string OpType) op) =>
        op.Domain is "" or "ai.onnx" && (Lowered.Contains(op.OpType) || OpTypes.Contains(op.OpType));
}
