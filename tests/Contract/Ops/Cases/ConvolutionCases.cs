using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Conv, ConvTranspose, MatMul, Gemm, Einsum.</summary>
internal static class ConvolutionCases
{
    public static readonly OpCase[] All =
    [
        new("Conv, defaults", "Conv", [Floats(2, 3, 6, 5), Floats(4, 3, 3, 3)]),
        new(
            "Conv, bias, pads alike",
            "Conv",
            [Floats(2, 3, 6, 5), Floats(4, 3, 3, 3), Floats(4)],
            Of("pads", 1L, 1, 1, 1),
            Of("strides", 2L, 1)
        ),
        new(
            "Conv, stride 2 with pads at the end",
            "Conv",
            [Floats(1, 3, 8, 8), Floats(4, 3, 3, 3)],
            Of("pads", 0L, 0, 1, 1),
            Of("strides", 2L, 2)
        ),
        new(
            "Conv, stride 2 with pads at the beginning",
            "Conv",
            [Floats(1, 3, 8, 8), Floats(4, 3, 3, 3)],
            Of("pads", 1L, 1, 0, 0),
            Of("strides", 2L, 2)
        ),
        new("Conv, four different pads", "Conv", [Floats(1, 2, 7, 6), Floats(3, 2, 3, 2)], Of("pads", 0L, 2, 1, 3)),
        new(
            "Conv, groups and dilations",
            "Conv",
            [Floats(2, 4, 9, 8), Floats(6, 2, 3, 3), Floats(6)],
            Of("group", 2L),
            Of("dilations", 2L, 1)
        ),
        new("Conv, depthwise", "Conv", [Floats(2, 4, 6, 6), Floats(4, 1, 3, 3)], Of("group", 4L), Of("pads", 1L, 1, 1, 1)),
        new(
            "Conv, 1-D, asymmetric",
            "Conv",
            [Floats(2, 3, 9), Floats(4, 3, 3), Floats(4)],
            Of("pads", 0L, 2),
            Of("strides", new long[] { 2 })
        ),
        new("Conv, 3-D, asymmetric", "Conv", [Floats(1, 2, 4, 5, 4), Floats(3, 2, 2, 3, 2)], Of("pads", 0L, 1, 0, 1, 1, 0)),
        new("ConvTranspose, defaults", "ConvTranspose", [Floats(1, 3, 4, 4), Floats(3, 2, 3, 3)]),
        new(
            "ConvTranspose, stride, pads, output padding",
            "ConvTranspose",
            [Floats(2, 3, 4, 3), Floats(3, 2, 3, 3), Floats(2)],
            Of("strides", 2L, 2),
            Of("pads", 1L, 1, 1, 1),
            Of("output_padding", 1L, 1)
        ),
        new(
            "ConvTranspose, asymmetric pads",
            "ConvTranspose",
            [Floats(1, 3, 4, 4), Floats(3, 2, 3, 3), Floats(2)],
            Of("strides", 2L, 2),
            Of("pads", 0L, 0, 1, 1)
        ),
        new(
            "ConvTranspose, pads at the beginning",
            "ConvTranspose",
            [Floats(1, 3, 4, 4), Floats(3, 2, 3, 3), Floats(2)],
            Of("strides", 2L, 2),
            Of("pads", 2L, 1, 0, 0)
        ),
        new(
            "ConvTranspose, groups and dilations",
            "ConvTranspose",
            [Floats(1, 4, 4, 4), Floats(4, 3, 3, 3)],
            Of("group", 2L),
            Of("dilations", 2L, 2)
        ),
        new(
            "ConvTranspose, output_shape",
            "ConvTranspose",
            [Floats(1, 2, 3, 3), Floats(2, 2, 3, 3)],
            Of("strides", 3L, 2),
            Of("output_shape", 10L, 8)
        ),
        new("ConvTranspose, 1-D", "ConvTranspose", [Floats(1, 2, 5), Floats(2, 3, 3)], Of("strides", new long[] { 2 }), Of("pads", 1L, 0)),
        new(
            "ConvTranspose, 3-D",
            "ConvTranspose",
            [Floats(1, 2, 2, 3, 2), Floats(2, 2, 2, 3, 2), Floats(2)],
            Of("strides", 1L, 2, 2),
            Of("pads", 0L, 1, 0, 1, 0, 0)
        ),
        new("MatMul, matrices", "MatMul", [Floats(3, 4), Floats(4, 5)]),
        new("MatMul, broadcast batches", "MatMul", [Floats(2, 1, 3, 4), Floats(5, 4, 2)]),
        new("MatMul, vector", "MatMul", [Floats(2, 3, 4), Floats(4)]),
        new("Gemm, dense layer", "Gemm", [Floats(3, 4), Floats(5, 4), Floats(5)], Of("transB", 1L)),
        new("Gemm, no C", "Gemm", [Floats(3, 4), Floats(4, 5)]),
        new(
            "Gemm, alpha, beta, both transposed",
            "Gemm",
            [Floats(4, 3), Floats(5, 4), Floats(3, 1)],
            Of("transA", 1L),
            Of("transB", 1L),
            Of("alpha", 0.5f),
            Of("beta", 2f)
        ),
        new("Gemm, scalar C", "Gemm", [Floats(3, 4), Floats(4, 5), Floats(1)]),
        new("Einsum, batched product", "Einsum", [Floats(2, 3, 4), Floats(2, 4, 5)], Of("equation", "bij, bjk -> bik")),
        new("Einsum, three operands", "Einsum", [Floats(2, 3), Floats(3, 4), Floats(4, 2)], Of("equation", "ij,jk,kl->il")),
        new("Einsum, diagonal, implicit result", "Einsum", [Floats(3, 4, 4), Floats(3)], Of("equation", "ijj,i")),
        new("Einsum, broadcast ellipsis", "Einsum", [Floats(1, 3, 2, 4), Floats(2, 1, 4, 5)], Of("equation", "...ij,...jk->...ik")),
        new("Einsum, sum and transposition", "Einsum", [Floats(2, 3, 4)], Of("equation", "abc->ca")),
        new("Einsum, ellipsis", "Einsum", [Floats(2, 3, 4), Floats(4)], Of("equation", "...i,i->...")),
    ];
}
