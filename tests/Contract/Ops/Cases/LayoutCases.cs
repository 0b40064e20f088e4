using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Ops that move elements without changing them.</summary>
internal static class LayoutCases
{
    public static readonly OpCase[] All =
    [
        new("Reshape, inferred and kept sizes", "Reshape", [Floats(2, 3, 4, 5), Constant(0L, -1)]),
        new("Flatten, axis 2", "Flatten", [Floats(2, 3, 4, 5)], Of("axis", 2L)),
        new("Squeeze", "Squeeze", [Floats(2, 1, 3, 1), Constant(1L, -1)]),
        new("Unsqueeze", "Unsqueeze", [Floats(2, 3), Constant(0L, -1)]),
        new("Transpose, default", "Transpose", [Floats(2, 3, 4)]),
        new("Transpose, NCHW to NHWC", "Transpose", [Floats(2, 3, 4, 5)], Of("perm", 0L, 2, 3, 1)),
        new("Transpose, NHWC to NCHW", "Transpose", [Floats(2, 3, 4, 5)], Of("perm", 0L, 3, 1, 2)),
        new("Slice, steps", "Slice", [Floats(4, 6), Constant(0L, 1), Constant(3L, 100), Constant(0L, 1), Constant(1L, 2)]),
        new("Slice, negative steps", "Slice", [Floats(4, 6), Constant(-1L, 4), Constant(-100L, 0), Constant(0L, 1), Constant(-1L, -2)]),
        new("Slice, negative axis, no steps", "Slice", [Floats(4, 6), Constant(-3L), Constant(-1L), Constant(-1L)]),
        new("Slice, defaults", "Slice", [Floats(4, 6), Constant(1L, 2), Constant(3L, 4)]),
        new("Slice, channels of images", "Slice", [Floats(2, 5, 3, 4), Constant(4L), Constant(-9L), Constant(1L), Constant(-2L)]),
        new("Concat, channels of images", "Concat", [Floats(2, 3, 4, 5), Floats(2, 1, 4, 5)], Of("axis", 1L)),
        new("Concat, negative axis", "Concat", [Floats(2, 3), Floats(2, 1), Floats(2, 2)], Of("axis", -1L)),
        new("Split, sizes", "Split", [Floats(2, 6), Constant(1L, 5)], Of("axis", -1L)) { Outputs = 2 },
        new("Split, uneven", "Split", [Floats(7, 2)], Of("num_outputs", 3L)) { Outputs = 3 },
        new("Expand", "Expand", [Floats(3, 1), Constant(2L, 1, 4)]),
        new("Tile", "Tile", [Floats(2, 3), Constant(2L, 3)]),
        new("Pad, constant", "Pad", [Floats(2, 3, 4), Constant(0L, 1, 2, 1, 0, 3), Scalar(1.5f)]),
        new("Pad, negative", "Pad", [Floats(4, 5), Constant(-1L, 0, 0, -2)]),
        new("Pad, axes", "Pad", [Floats(2, 3, 4), Constant(1L, 2), Absent, Constant(-1L)]),
        new("Pad, reflect", "Pad", [Floats(1, 2, 4, 5), Constant(0L, 0, 1, 2, 0, 0, 3, 1)], Of("mode", "reflect")),
        new("Pad, edge", "Pad", [Floats(1, 2, 4, 5), Constant(0L, 0, 1, 2, 0, 0, 3, 1)], Of("mode", "edge")),
        new("Pad, wrap", "Pad", [Floats(4, 5), Constant(1L, 2, 3, 0)], Of("mode", "wrap")),
        new("DepthToSpace, DCR", "DepthToSpace", [Floats(2, 8, 3, 2)], Of("blocksize", 2L)),
        new("DepthToSpace, CRD", "DepthToSpace", [Floats(2, 8, 3, 2)], Of("blocksize", 2L), Of("mode", "CRD")),
        new("SpaceToDepth", "SpaceToDepth", [Floats(2, 3, 4, 6)], Of("blocksize", 2L)),
        new("Trilu, upper", "Trilu", [Floats(2, 4, 5), Scalar(1L)]),
        new("Trilu, lower", "Trilu", [Floats(4, 5), Scalar(-1L)], Of("upper", 0L)),
    ];
}
