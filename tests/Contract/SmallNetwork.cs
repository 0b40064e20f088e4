using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract;

/// <summary>A network with a bit of everything that training treats specially: convolution, BatchNorm, dropout, a linear layer.</summary>
internal static class SmallNetwork
{
    public const int Classes = 4,
        RowSize = 3 * 8 * 8;

    /// <summary>A session of it, in 32 bits unless the options say otherwise.</summary>
    public static ITrainingSession CreateSession(TrainingSessionOptions options, bool dropout = false)
    {
        if (options.Precision == TrainingPrecision.Auto)
            options.Precision = TrainingPrecision.Float32;
        return RuntimeUnderTest.CreateSession(Create(dropout), options);
    }

    /// <summary>Conv, BatchNormalization, Relu, pooling, optionally Dropout, and a linear layer.</summary>
    public static OnnxGraph Create(bool dropout = false)
    {
        var random = new Random(3);
        OnnxTensor[] weights =
        [
            Batches.Weight(random, "conv.weight", 8, 3, 3, 3),
            OnnxTensor.FromFloats("bn.weight", [8], [.. Enumerable.Repeat(1f, 8)]),
            OnnxTensor.FromFloats("bn.bias", [8], new float[8]),
            OnnxTensor.FromFloats("bn.mean", [8], new float[8]),
            OnnxTensor.FromFloats("bn.var", [8], [.. Enumerable.Repeat(1f, 8)]),
            Batches.Weight(random, "fc.weight", Classes, 8),
            Batches.Weight(random, "fc.bias", Classes),
        ];
        var nodes = new List<OnnxNode>
        {
            OnnxNode.Create("Conv", ["x", "conv.weight"], ["conv"], OnnxAttribute.Of("pads", 1L, 1, 1, 1)),
            OnnxNode.Create("BatchNormalization", ["conv", "bn.weight", "bn.bias", "bn.mean", "bn.var"], ["bn"]),
            OnnxNode.Create("Relu", ["bn"], ["relu"]),
            OnnxNode.Create("GlobalAveragePool", ["relu"], ["pool"]),
            OnnxNode.Create("Flatten", ["pool"], ["flat"]),
            OnnxNode.Create("Gemm", [dropout ? "dropped" : "flat", "fc.weight", "fc.bias"], ["logits"], OnnxAttribute.Of("transB", 1)),
        };
        if (dropout)
            nodes.Insert(5, OnnxNode.Create("Dropout", ["flat"], ["dropped"]));
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 8, 8)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, Classes)],
            Nodes = nodes,
            Initializers = weights.ToDictionary(w => w.Name),
        };
    }
}
