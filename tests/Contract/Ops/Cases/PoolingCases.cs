using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>MaxPool, AveragePool, LpPool and the global poolings.</summary>
internal static class PoolingCases
{
    public static readonly OpCase[] All =
    [
        new("MaxPool, stride 2", "MaxPool", [Floats(2, 3, 6, 6)], Of("kernel_shape", 2L, 2), Of("strides", 2L, 2)),
        new(
            "MaxPool, pads alike",
            "MaxPool",
            [Floats(2, 3, 7, 6)],
            Of("kernel_shape", 3L, 3),
            Of("strides", 2L, 2),
            Of("pads", 1L, 1, 1, 1)
        ),
        new(
            "MaxPool, asymmetric pads",
            "MaxPool",
            [Floats(1, 3, 6, 6)],
            Of("kernel_shape", 3L, 3),
            Of("strides", 2L, 2),
            Of("pads", 0L, 0, 1, 1)
        ),
        new("MaxPool, ceil_mode", "MaxPool", [Floats(1, 3, 6, 7)], Of("kernel_shape", 3L, 2), Of("strides", 2L, 2), Of("ceil_mode", 1L)),
        new(
            "MaxPool, dilations and pads",
            "MaxPool",
            [Floats(1, 2, 8, 8)],
            Of("kernel_shape", 3L, 3),
            Of("dilations", 2L, 2),
            Of("pads", 1L, 1, 2, 2)
        ),
        new(
            "MaxPool, 1-D",
            "MaxPool",
            [Floats(1, 2, 8)],
            Of("kernel_shape", new long[] { 3 }),
            Of("pads", 0L, 1),
            Of("strides", new long[] { 2 })
        ),
        new("MaxPool, 3-D", "MaxPool", [Floats(1, 2, 4, 5, 4)], Of("kernel_shape", 2L, 2, 2), Of("pads", 0L, 0, 1, 1, 0, 0)),
        new("MaxPool, indices", "MaxPool", [Floats(2, 3, 6, 6)], Of("kernel_shape", 2L, 2), Of("strides", 2L, 2)) { Outputs = 2 },
        new("MaxPool, indices by column", "MaxPool", [Floats(2, 3, 6, 4)], Of("kernel_shape", 2L, 2), Of("storage_order", 1L))
        {
            Outputs = 2,
        },
        new("AveragePool, stride 2", "AveragePool", [Floats(2, 3, 6, 6)], Of("kernel_shape", 2L, 2), Of("strides", 2L, 2)),
        new("AveragePool, pads not counted", "AveragePool", [Floats(2, 3, 6, 5)], Of("kernel_shape", 3L, 3), Of("pads", 1L, 1, 1, 1)),
        new(
            "AveragePool, pads counted",
            "AveragePool",
            [Floats(2, 3, 6, 5)],
            Of("kernel_shape", 3L, 3),
            Of("pads", 1L, 1, 1, 1),
            Of("count_include_pad", 1L)
        ),
        new(
            "AveragePool, asymmetric pads not counted",
            "AveragePool",
            [Floats(1, 3, 6, 6)],
            Of("kernel_shape", 3L, 3),
            Of("strides", 2L, 2),
            Of("pads", 0L, 0, 1, 1)
        ),
        new(
            "AveragePool, asymmetric pads counted",
            "AveragePool",
            [Floats(1, 3, 6, 6)],
            Of("kernel_shape", 3L, 3),
            Of("strides", 2L, 2),
            Of("pads", 0L, 0, 1, 1),
            Of("count_include_pad", 1L)
        ),
        new(
            "AveragePool, ceil_mode",
            "AveragePool",
            [Floats(1, 2, 6, 7)],
            Of("kernel_shape", 3L, 2),
            Of("strides", 2L, 2),
            Of("ceil_mode", 1L)
        ),
        new("AveragePool, dilations", "AveragePool", [Floats(1, 2, 7, 7)], Of("kernel_shape", 2L, 3), Of("dilations", 2L, 2)),
        new("AveragePool, 1-D", "AveragePool", [Floats(1, 2, 7)], Of("kernel_shape", new long[] { 3 }), Of("pads", 1L, 0)),
        new("AveragePool, 3-D", "AveragePool", [Floats(1, 2, 4, 5, 4)], Of("kernel_shape", 2L, 2, 2), Of("strides", 2L, 1, 2)),
        new("LpPool, p 3", "LpPool", [Floats(1, 2, 6, 6)], Of("kernel_shape", 3L, 2), Of("strides", 2L, 1), Of("p", 3L)),
        new("LpPool, pads", "LpPool", [Floats(1, 2, 6, 6)], Of("kernel_shape", 3L, 3), Of("pads", 1L, 0, 1, 2)),
        new("GlobalAveragePool", "GlobalAveragePool", [Floats(2, 3, 4, 5)]),
        new("GlobalMaxPool", "GlobalMaxPool", [Floats(2, 3, 4, 5)]),
    ];
}
