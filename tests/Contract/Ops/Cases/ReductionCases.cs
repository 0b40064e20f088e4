using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Reductions, ArgMax, ArgMin, CumSum.</summary>
internal static class ReductionCases
{
    private static readonly string[] Reductions =
    [
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSum",
        "ReduceSumSquare",
    ];

    public static readonly OpCase[] All =
    [
        .. Reductions.Select(op => new OpCase($"{op}, all axes", op, [Range(0.5, 2, 2, 3, 4)]) { Tolerance = 1e-4 }),
        .. Reductions.Select(op => new OpCase(
            $"{op}, two axes, dropped",
            op,
            [Range(0.5, 2, 2, 3, 4, 2), Constant(1L, -1)],
            Of("keepdims", 0L)
        )),
        .. Reductions.Select(op => new OpCase($"{op}, axis 1, kept", op, [Range(0.5, 2, 2, 3, 4), Constant(1L)])),
        new("ReduceMean, images, dropped", "ReduceMean", [Floats(2, 3, 4, 5), Constant(2L, 3)], Of("keepdims", 0L)),
        new("ReduceMean, columns of images, dropped", "ReduceMean", [Floats(2, 3, 4, 5), Constant(3L)], Of("keepdims", 0L)),
        new("ReduceSum, no axes, no reduction", "ReduceSum", [Floats(2, 3)], Of("noop_with_empty_axes", 1L)),
        new("ReduceSum, integers", "ReduceSum", [Int64s([2, 2], 1, 2, 3, 4), Constant(0L)]),
        new("ArgMax, default axis", "ArgMax", [Floats(3, 4)]),
        new(
            "ArgMax, last of equals, dropped",
            "ArgMax",
            [new OpInput(OnnxTensor.FromFloats("", [2, 3], [1, 2, 2, 3, 1, 3]), false)],
            Of("axis", -1L),
            Of("keepdims", 0L),
            Of("select_last_index", 1L)
        ),
        new("ArgMin, axis 1", "ArgMin", [Floats(3, 4)], Of("axis", 1L)),
        new("CumSum", "CumSum", [Floats(3, 4), Scalar(1L)]),
        new("CumSum, exclusive, from the end", "CumSum", [Floats(3, 4), Scalar(-2L)], Of("exclusive", 1L), Of("reverse", 1L)),
    ];
}
