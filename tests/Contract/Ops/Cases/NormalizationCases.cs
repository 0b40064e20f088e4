using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Normalizations, Softmax, Dropout in inference mode.</summary>
internal static class NormalizationCases
{
    public static readonly OpCase[] All =
    [
        new(
            "BatchNormalization, absent epsilon",
            "BatchNormalization",
            [Floats(2, 3, 4, 4), Floats(3), Range(-2, 2, 3), Range(-1, 1, 3).AsConstant(), Range(0.5, 2, 3).AsConstant()]
        ),
        new(
            "BatchNormalization, epsilon 0.01, rank 2",
            "BatchNormalization",
            [Floats(4, 3), Floats(3), Range(-2, 2, 3), Range(-1, 1, 3).AsConstant(), Range(0.5, 2, 3).AsConstant()],
            Of("epsilon", 0.01f)
        ),
        new("LayerNormalization, last axis", "LayerNormalization", [Floats(2, 3, 8), Floats(8), Range(0, 1, 8)]),
        new(
            "LayerNormalization, two axes, no bias, epsilon",
            "LayerNormalization",
            [Floats(2, 3, 4), Floats(3, 4)],
            Of("axis", 1L),
            Of("epsilon", 0.1f)
        ),
        new("LayerNormalization, statistics", "LayerNormalization", [Floats(2, 3, 4), Floats(4)]) { Outputs = 3 },
        new(
            "InstanceNormalization, epsilon",
            "InstanceNormalization",
            [Floats(2, 3, 4, 5), Floats(3), Range(0, 1, 3)],
            Of("epsilon", 0.02f)
        ),
        new("InstanceNormalization, 1-D", "InstanceNormalization", [Floats(2, 3, 6), Floats(3), Range(0, 1, 3)]),
        new("GroupNormalization, 2 groups", "GroupNormalization", [Floats(2, 4, 3, 3), Floats(4), Range(0, 1, 4)], Of("num_groups", 2L)),
        new("LRN, odd size", "LRN", [Floats(1, 6, 3, 3)], Of("size", 3L), Of("alpha", 0.3f), Of("beta", 0.6f), Of("bias", 2f)),
        new("LRN, defaults", "LRN", [Range(-9, 9, 1, 6, 3, 3)], Of("size", 5L)),
        new("Softmax, default axis", "Softmax", [Floats(2, 3, 4)]),
        new("Softmax, axis 1", "Softmax", [Range(-5, 5, 2, 3, 4)], Of("axis", 1L)),
        new("Softmax, channels of images", "Softmax", [Range(-5, 5, 2, 3, 4, 2)], Of("axis", 1L)),
        new("LogSoftmax, axis 0", "LogSoftmax", [Range(-5, 5, 3, 4)], Of("axis", 0L)),
        new("Hardmax, axis 0", "Hardmax", [Floats(3, 4)], Of("axis", 0L)),
        new("Dropout, inference", "Dropout", [Floats(3, 4), Scalar(0.3f)]),
    ];
}
