using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Losses;

/// <summary>Losses as ONNX graphs, for tests.</summary>
internal static class LossGraphs
{
    private static readonly OnnxValue Output = OnnxValue.Create("output", OnnxElementType.Float, -1, -1),
        Classes = OnnxValue.Create("targets", OnnxElementType.Int64, -1),
        Values = OnnxValue.Create("targets", OnnxElementType.Float, -1, -1),
        Weights = OnnxValue.Create("weights", OnnxElementType.Float, -1);

    /// <summary>Cross-entropy by one operator, of classes.</summary>
    /// <param name="reduction">ONNX's: none, mean or sum.</param>
    public static OnnxGraph CrossEntropy(string reduction) =>
        Of(
            [Output, Classes],
            [OnnxNode.Create("SoftmaxCrossEntropyLoss", ["output", "targets"], ["loss"], OnnxAttribute.Of("reduction", reduction))]
        );

    /// <summary>The mean cross-entropy as PyTorch's nll_loss(log_softmax) is exported.</summary>
    public static OnnxGraph LogLikelihood() =>
        Of(
            [Output, OnnxValue.Create("targets", OnnxElementType.Int32, -1)],
            [
                OnnxNode.Create("LogSoftmax", ["output"], ["log"], OnnxAttribute.Of("axis", 1)),
                OnnxNode.Create("NegativeLogLikelihoodLoss", ["log", "targets"], ["loss"]),
            ]
        );

    /// <summary>A row's cross-entropy from one-hot targets, in basic operators.</summary>
    public static OnnxGraph SoftTargets() =>
        Of(
            [Output, Values],
            [
                OnnxNode.Create("LogSoftmax", ["output"], ["log"], OnnxAttribute.Of("axis", -1)),
                OnnxNode.Create("Mul", ["targets", "log"], ["terms"]),
                OnnxNode.Create("ReduceSum", ["terms", "axes"], ["sums"], OnnxAttribute.Of("keepdims", 0)),
                OnnxNode.Create("Neg", ["sums"], ["loss"]),
            ],
            OnnxTensor.FromInt64s("axes", [1], [1])
        );

    /// <summary>The mean cross-entropy, weighted by the weights of the rows that it takes.</summary>
    public static OnnxGraph WeightedMean() =>
        Of(
            [Output, Classes, Weights],
            [
                OnnxNode.Create("SoftmaxCrossEntropyLoss", ["output", "targets"], ["rows"], OnnxAttribute.Of("reduction", "none")),
                OnnxNode.Create("Mul", ["rows", "weights"], ["weighted"]),
                OnnxNode.Create("ReduceSum", ["weighted"], ["sum"], OnnxAttribute.Of("keepdims", 0)),
                OnnxNode.Create("ReduceSum", ["weights"], ["total"], OnnxAttribute.Of("keepdims", 0)),
                OnnxNode.Create("Div", ["sum", "total"], ["loss"]),
            ]
        );

    /// <summary>Each row's cross-entropy, times the weights of the rows that it takes.</summary>
    public static OnnxGraph WeightedRows() =>
        Of(
            [Output, Classes, Weights],
            [
                OnnxNode.Create("SoftmaxCrossEntropyLoss", ["output", "targets"], ["rows"], OnnxAttribute.Of("reduction", "none")),
                OnnxNode.Create("Mul", ["rows", "weights"], ["loss"]),
            ]
        );

    /// <summary>Squared error, the mean over outputs and rows.</summary>
    public static OnnxGraph SquaredError() =>
        Of(
            [Output, Values],
            [
                OnnxNode.Create("Sub", ["output", "targets"], ["error"]),
                OnnxNode.Create("Mul", ["error", "error"], ["square"]),
                OnnxNode.Create("ReduceMean", ["square"], ["loss"], OnnxAttribute.Of("keepdims", 0)),
            ]
        );

    /// <summary>Focal loss of one-hot targets: each row's <c>-(1 - p)^gamma * log(p)</c>.</summary>
    public static OnnxGraph Focal(float gamma) =>
        Of(
            [Output, Values],
            [
                OnnxNode.Create("LogSoftmax", ["output"], ["log"], OnnxAttribute.Of("axis", 1)),
                OnnxNode.Create("Exp", ["log"], ["p"]),
                OnnxNode.Create("Sub", ["one", "p"], ["doubt"]),
                OnnxNode.Create("Pow", ["doubt", "gamma"], ["factor"]),
                OnnxNode.Create("Mul", ["factor", "log"], ["weighted"]),
                OnnxNode.Create("Mul", ["weighted", "targets"], ["terms"]),
                OnnxNode.Create("ReduceSum", ["terms", "axes"], ["sums"], OnnxAttribute.Of("keepdims", 1)),
                OnnxNode.Create("Neg", ["sums"], ["loss"]),
            ],
            OnnxTensor.FromFloats("one", [], [1]),
            OnnxTensor.FromFloats("gamma", [1], [gamma]),
            OnnxTensor.FromInt64s("axes", [1], [1])
        );

    /// <summary>The loss of quantiles: <c>max(q * error, (q - 1) * error)</c>, the mean over outputs and rows.</summary>
    public static OnnxGraph Quantile(float q) =>
        Of(
            [Output, Values],
            [
                OnnxNode.Create("Sub", ["targets", "output"], ["error"]),
                OnnxNode.Create("Mul", ["error", "q"], ["above"]),
                OnnxNode.Create("Mul", ["error", "q-1"], ["below"]),
                OnnxNode.Create("Max", ["above", "below"], ["terms"]),
                OnnxNode.Create("ReduceMean", ["terms"], ["loss"], OnnxAttribute.Of("keepdims", 0)),
            ],
            OnnxTensor.FromFloats("q", [1], [q]),
            OnnxTensor.FromFloats("q-1", [1], [q - 1])
        );

    /// <summary>Huber's loss with a condition: each row's mean over its outputs.</summary>
    public static OnnxGraph Huber(float delta) =>
        Of(
            [Output, Values],
            [
                OnnxNode.Create("Sub", ["output", "targets"], ["error"]),
                OnnxNode.Create("Abs", ["error"], ["size"]),
                OnnxNode.Create("Mul", ["error", "error"], ["square"]),
                OnnxNode.Create("Mul", ["square", "half"], ["near"]),
                OnnxNode.Create("Mul", ["size", "delta"], ["linear"]),
                OnnxNode.Create("Sub", ["linear", "offset"], ["far"]),
                OnnxNode.Create("LessOrEqual", ["size", "delta"], ["is near"]),
                OnnxNode.Create("Where", ["is near", "near", "far"], ["terms"]),
                OnnxNode.Create("ReduceMean", ["terms"], ["loss"], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 0)),
            ],
            OnnxTensor.FromFloats("half", [], [0.5f]),
            OnnxTensor.FromFloats("delta", [], [delta]),
            OnnxTensor.FromFloats("offset", [], [delta * delta / 2])
        );

    /// <summary>A graph of opset 17, whose output is named <c>loss</c>.</summary>
    public static OnnxGraph Of(OnnxValue[] inputs, OnnxNode[] nodes, params OnnxTensor[] constants) =>
        new()
        {
            Name = "own",
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = inputs,
            Outputs = [new OnnxValue("loss", OnnxElementType.Float, null)],
            Nodes = nodes,
            Initializers = constants.ToDictionary(constant => constant.Name),
        };
}
