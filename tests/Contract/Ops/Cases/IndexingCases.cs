using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Gather, scatter, TopK, OneHot, GridSample.</summary>
internal static class IndexingCases
{
    public static readonly OpCase[] All =
    [
        new("Gather, matrix of indices", "Gather", [Floats(4, 3), Int64s([2, 2], 0, -1, 3, 1)]),
        new("Gather, axis 1", "Gather", [Floats(2, 4, 3), Constant(2L, -4)], Of("axis", 1L)),
        new("Gather, one index", "Gather", [Floats(2, 4, 3), Scalar(-1L)], Of("axis", 1L)),
        new("GatherElements", "GatherElements", [Floats(3, 3), Int64s([2, 3], 1, -1, 0, 2, 0, 0)], Of("axis", 0L)),
        new("GatherND", "GatherND", [Floats(2, 3, 4), Int64s([2, 2], 0, -1, 1, 0)]),
        new("GatherND, batch", "GatherND", [Floats(2, 3, 4), Int64s([2, 1], 2, -3)], Of("batch_dims", 1L)),
        new("ScatterElements", "ScatterElements", [Floats(3, 3), Int64s([1, 2], 1, -1), Floats(1, 2)], Of("axis", 1L)),
        new(
            "ScatterElements, add",
            "ScatterElements",
            [Floats(3, 3), Int64s([1, 2], 1, 1), Floats(1, 2)],
            Of("axis", 1L),
            Of("reduction", "add")
        ),
        new("ScatterND", "ScatterND", [Floats(4, 3), Int64s([2, 1], 3, -4), Floats(2, 3)]),
        new("ScatterND, add", "ScatterND", [Floats(4, 3), Int64s([2, 1], 1, 1), Floats(2, 3)], Of("reduction", "add")),
        new("TopK, largest", "TopK", [Floats(3, 5), Constant(2L)]) { Outputs = 2 },
        new("TopK, smallest, axis 0", "TopK", [Floats(5, 3), Constant(3L)], Of("axis", 0L), Of("largest", 0L)) { Outputs = 2 },
        new("NegativeLogLikelihoodLoss", "NegativeLogLikelihoodLoss", [Floats(4, 3), Int64s([4], 2, 0, 1, 2)]),
        new(
            "NegativeLogLikelihoodLoss, weights, an ignored class, sum",
            "NegativeLogLikelihoodLoss",
            [Floats(2, 3, 2), Int64s([2, 2], 2, -7, 1, 0), Constant(1f, 2, 0.5f)],
            Of("ignore_index", -7L),
            Of("reduction", "sum")
        ),
        new("SoftmaxCrossEntropyLoss", "SoftmaxCrossEntropyLoss", [Floats(4, 3), Int64s([4], 2, 0, 1, 2)]),
        new(
            "SoftmaxCrossEntropyLoss, a value a row, log-probabilities",
            "SoftmaxCrossEntropyLoss",
            [Floats(4, 3), Int64s([4], 2, 0, 1, 2)],
            Of("reduction", "none")
        )
        {
            Outputs = 2,
        },
        new(
            "SoftmaxCrossEntropyLoss, weights, an ignored class",
            "SoftmaxCrossEntropyLoss",
            [Floats(4, 3), Int64s([4], 2, 0, 1, 2), Constant(1f, 2, 0.5f)],
            Of("ignore_index", 0L)
        ),
        new("OneHot, axis 0", "OneHot", [Int64s([3], 1, -1, 7), Scalar(4L), new OpInput(Constant(0f, 2f).Tensor, false)], Of("axis", 0L)),
        new("GridSample, linear", "GridSample", [Floats(1, 2, 4, 5), Range(-1.2, 1.2, 1, 3, 3, 2)]),
        new(
            "GridSample, aligned, border",
            "GridSample",
            [Floats(1, 2, 4, 5), Range(-1.2, 1.2, 1, 3, 3, 2)],
            Of("align_corners", 1L),
            Of("padding_mode", "border")
        ),
        new("GridSample, reflection", "GridSample", [Floats(1, 2, 4, 5), Range(-1.9, 1.9, 1, 3, 3, 2)], Of("padding_mode", "reflection")),
        new("GridSample, nearest", "GridSample", [Floats(1, 2, 4, 5), Range(-1.2, 1.2, 1, 3, 3, 2).AsConstant()], Of("mode", "nearest")),
        new("GridSample, volume", "GridSample", [Floats(1, 2, 3, 4, 2), Range(-1.2, 1.2, 1, 2, 3, 2, 3)], Of("padding_mode", "border")),
    ];
}
