namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>
/// Small graphs around each op that is imported, from images [-1, 6, 5, 3] of numbers from 0 to 1. A name is an op's, with more behind a
/// space.
/// </summary>
internal static class ImportCases
{
    public static readonly Dictionary<string, Func<TensorFlowGraph, Symbol, Symbol>> All = new()
    {
        ["Relu"] = (g, x) => g.Unary("Relu", x - 0.5),
        ["Relu6"] = (g, x) => g.Unary("Relu6", x * 12 - 3),
        ["Elu"] = (g, x) => g.Unary("Elu", x - 0.5),
        ["Selu"] = (g, x) => g.Unary("Selu", x - 0.5),
        ["LeakyRelu"] = (g, x) => g.Op("LeakyRelu").Input(x - 0.5).Set("alpha", 0.3f).Output(),
        ["Sigmoid"] = (g, x) => g.Unary("Sigmoid", x),
        ["Tanh"] = (g, x) => g.Unary("Tanh", x),
        ["Softplus"] = (g, x) => g.Softplus(x),
        ["Softsign"] = (g, x) => g.Unary("Softsign", x),
        ["Exp"] = (g, x) => g.Exp(x),
        ["Log"] = (g, x) => g.Log(x + 0.1),
        ["Sqrt"] = (g, x) => g.Sqrt(x),
        ["Rsqrt"] = (g, x) => g.Rsqrt(x + 0.1),
        ["Square"] = (g, x) => g.Square(x),
        ["Neg"] = (g, x) => -x,
        ["Abs"] = (g, x) => g.Abs(x - 0.5),
        ["Floor"] = (g, x) => g.Unary("Floor", x * 4),
        ["Erf"] = (g, x) => g.Unary("Erf", x),
        ["Reciprocal"] = (g, x) => g.Unary("Reciprocal", x + 0.5),
        ["Cast"] = (g, x) => g.Cast(g.Cast(x * 9, DataType.Int32), DataType.Float),
        ["Add"] = (g, x) => g.Binary("Add", x, Values(g, 5, 3)),
        ["AddV2"] = (g, x) => g.Binary("AddV2", x, Values(g, 3)),
        ["AddV2 of features"] = (g, x) => g.Mean(x, [1, 2]) + Values(g, 3),
        ["Sub"] = (g, x) => Values(g, 1, 3) - x,
        ["Mul"] = (g, x) => x * Values(g, 6, 1, 1),
        ["RealDiv"] = (g, x) => x / (Values(g, 3) + 2),
        ["Pow"] = (g, x) => g.Pow(x, Values(g, 3) + 1.5),
        ["Maximum"] = (g, x) => g.Maximum(x, Values(g, 3)),
        ["Minimum"] = (g, x) => g.Minimum(Values(g, 3), x),
        ["SquaredDifference"] = (g, x) => g.Binary("SquaredDifference", x, Values(g, 3)),
        ["AddN"] = (g, x) => g.AddN([x, g.Square(x), g.Exp(x)]),
        ["ClipByValue"] = (g, x) =>
            g.Op("ClipByValue").Input(x).Input(g.Scalar(0.2, DataType.Float)).Input(g.Scalar(0.7, DataType.Float)).Output(),
        ["BiasAdd"] = (g, x) => g.Op("BiasAdd").Input(x).Input(Values(g, 3)).Output(),
        ["BiasAdd channels first"] = (g, x) =>
            g.Op("BiasAdd").Input(g.Transpose(x, 0, 3, 1, 2)).Input(Values(g, 3)).Set("data_format", "NCHW").Output(),

        ["Conv2D same"] = (g, x) => Conv(g, "Conv2D", x, [1, 2, 2, 1], "SAME", 3, 2, 3, 4),
        ["Conv2D valid"] = (g, x) => Conv(g, "Conv2D", x, [1, 1, 2, 1], "VALID", 3, 2, 3, 4),
        ["Conv2D explicit"] = (g, x) =>
            g.Op("Conv2D")
                .Input(x)
                .Input(Values(g, 3, 3, 3, 2))
                .Set("strides", [1, 1, 1, 1])
                .Set("padding", "EXPLICIT")
                .Set("explicit_paddings", [0, 0, 1, 2, 0, 1, 0, 0])
                .Output(),
        ["Conv2D dilated"] = (g, x) =>
            g.Op("Conv2D")
                .Input(x)
                .Input(Values(g, 2, 2, 3, 2))
                .Set("strides", [1, 1, 1, 1])
                .Set("padding", "SAME")
                .Set("dilations", [1, 2, 3, 1])
                .Output(),
        ["DepthwiseConv2dNative"] = (g, x) => Conv(g, "DepthwiseConv2dNative", x, [1, 2, 2, 1], "SAME", 3, 3, 3, 2),
        ["DepthwiseConv2dNative valid"] = (g, x) => Conv(g, "DepthwiseConv2dNative", x, [1, 1, 1, 1], "VALID", 2, 3, 3, 1),
        ["MaxPool"] = (g, x) => Pool(g, "MaxPool", x, "VALID"),
        ["MaxPool same"] = (g, x) => Pool(g, "MaxPool", x - 2, "SAME"),
        ["AvgPool"] = (g, x) => Pool(g, "AvgPool", x, "VALID"),
        ["AvgPool same"] = (g, x) => Pool(g, "AvgPool", x, "SAME"),
        ["FusedBatchNorm"] = (g, x) => BatchNorm(g, "FusedBatchNorm", x),
        ["FusedBatchNormV2"] = (g, x) => BatchNorm(g, "FusedBatchNormV2", x),
        ["FusedBatchNormV3"] = (g, x) => BatchNorm(g, "FusedBatchNormV3", x),
        ["LRN"] = (g, x) => g.Op("LRN").Input(x).Set("depth_radius", 1).Set("alpha", 0.3f).Set("beta", 0.6f).Set("bias", 1.5f).Output(),

        ["Reshape"] = (g, x) => g.Op("Reshape").Input(x).Input(g.Int32s(-1, 90)).Output(),
        ["Reshape to images"] = (g, x) => g.Op("Reshape").Input(x).Input(g.Int32s(-1, 5, 6, 3)).Output(),
        ["Squeeze"] = (g, x) => g.Op("Squeeze").Input(g.Mean(x, [1, 2], keep: true)).Set("squeeze_dims", [1, 2]).Output(),
        ["Squeeze height"] = (g, x) => g.Op("Squeeze").Input(g.Mean(x, [1], keep: true)).Set("squeeze_dims", [1]).Output(),
        ["ExpandDims"] = (g, x) => g.Op("ExpandDims").Input(g.Mean(x, [1, 2])).Input(g.Int32(1)).Output(),
        ["Transpose"] = (g, x) => g.Transpose(x, 0, 2, 3, 1),
        ["Transpose there and back"] = (g, x) => g.Transpose(g.Exp(g.Transpose(x, 0, 3, 1, 2)), 0, 2, 3, 1),
        ["ConcatV2"] = (g, x) => g.Concat([x, g.Square(x)], 3),
        ["ConcatV2 of rows"] = (g, x) => g.Concat([x, g.Square(x)], 1),
        ["ConcatV2 of features"] = (g, x) => g.Concat([g.Mean(x, [1, 2]), g.Reduce("Max", x, [1, 2], false)], -1),
        ["Pad"] = (g, x) => g.Pad(x, [(0, 0), (1, 2), (0, 3), (1, 0)]),
        ["PadV2"] = (g, x) => g.Pad(x, [(0, 0), (1, 2), (0, 3), (0, 0)], 0.7),
        ["MirrorPad"] = (g, x) =>
            g.Op("MirrorPad").Input(x).Input(g.Reshape(g.Int32s(0, 0, 2, 1, 3, 0, 0, 0), 4, 2)).Set("mode", "REFLECT").Output(),
        ["ResizeBilinear"] = (g, x) => Resize(g, "ResizeBilinear", x, false, false),
        ["ResizeBilinear half pixels"] = (g, x) => Resize(g, "ResizeBilinear", x, false, true),
        ["ResizeBilinear corners"] = (g, x) => Resize(g, "ResizeBilinear", x, true, false),
        ["ResizeBilinear smaller"] = (g, x) => g.Op("ResizeBilinear").Input(x).Input(g.Int32s(4, 3)).Output(),
        ["ResizeNearestNeighbor"] = (g, x) => Resize(g, "ResizeNearestNeighbor", x, false, false),
        ["ResizeNearestNeighbor half pixels"] = (g, x) => Resize(g, "ResizeNearestNeighbor", x, false, true),
        ["Slice"] = (g, x) => g.Slice(x, [0, 1, 0, 1], [-1, 3, -1, 2]),
        ["StridedSlice"] = (g, x) => Strided(g, x, [0, 1, 0, 0], [0, 5, 0, 0], [1, 2, 1, 1], begin: 13, end: 13, shrink: 0),
        ["StridedSlice backwards"] = (g, x) => Strided(g, x, [0, 0, 0, -1], [0, 0, 0, 0], [1, 1, 1, -1], begin: 7, end: 15, shrink: 0),
        ["StridedSlice of one place"] = (g, x) => Strided(g, x, [0, 2, -1], [0, 3, 0], [1, 1, 1], begin: 1, end: 1, shrink: 6),
        ["Split"] = (g, x) =>
            g.Op("Split").Input(g.Int32(1)).Input(x).Set("num_split", 3).Outputs() is [var a, var b, var c] ? a + b * 2 - c : default,
        ["SplitV"] = (g, x) =>
            g.Op("SplitV").Input(x).Input(g.Int32s(1, -1)).Input(g.Int32(3)).Set("num_split", 2).Outputs() is [var a, var b]
                ? a * b
                : default,
        ["BroadcastTo"] = (g, x) => x + g.Op("BroadcastTo").Input(Values(g, 1, 3)).Input(g.Int32s(5, 3)).Output(),
        ["BroadcastTo the batch"] = (g, x) => g.Concat([Repeated(g, x, Values(g, 1, 3)), g.Mean(x, [1, 2])], 1),
        ["Shape"] = (g, x) => Flat(g, x, Product(g, x, 1, 4)),
        ["Pack"] = (g, x) => Flat(g, x, g.Int32(-1)),
        ["Prod"] = (g, x) => Flat(g, x, Product(g, x, 1, 4)),
        ["FloorDiv"] = (g, x) => Flat(g, x, g.Binary("FloorDiv", g.Int32(180), g.Int32(2))),

        ["MatMul"] = (g, x) => g.MatMul(g.Mean(x, [1, 2]), Values(g, 3, 4)),
        ["MatMul transposed"] = (g, x) => g.MatMul(g.Mean(x, [1, 2]), Values(g, 4, 3), transposeB: true),
        ["BatchMatMul"] = (g, x) => g.Op("BatchMatMul").Input(g.Mean(x, [1])).Input(g.Mean(x, [2])).Set("adj_y", true).Output(),
        ["BatchMatMulV2"] = (g, x) => g.BatchMatMul(g.Mean(x, [1]), Values(g, 3, 4)),
        ["BatchMatMulV3"] = (g, x) =>
            g.Op("BatchMatMulV3").Input(g.Mean(x, [1])).Input(g.Mean(x, [1])).Set("Tout", DataType.Float).Set("adj_x", true).Output(),
        ["Mean"] = (g, x) => g.Mean(x, [1, 2]),
        ["Mean kept"] = (g, x) => g.Mean(x, [1, 2], keep: true),
        ["Mean of channels"] = (g, x) => g.Mean(x, [-1]),
        ["Mean of rows"] = (g, x) => g.Mean(x, [1]),
        ["Sum"] = (g, x) => g.Sum(x, [1, 2]),
        ["Max"] = (g, x) => g.Reduce("Max", x, [1, 3], true),
        ["Min"] = (g, x) => g.Reduce("Min", x, [1, 2], false),
        ["Softmax"] = (g, x) => g.Unary("Softmax", x),
        ["Softmax of features"] = (g, x) => g.Unary("Softmax", g.Mean(x, [1, 2])),
        ["LogSoftmax"] = (g, x) => g.LogSoftmax(x),

        ["Const"] = (g, x) => x + Values(g, 3),
        ["Identity"] = (g, x) => g.Identity(x) * 2,
        ["IdentityN"] = (g, x) =>
            g.Op("IdentityN").Inputs([x, g.Square(x)]).Set("T", [DataType.Float, DataType.Float]).Outputs() is [_, var second]
                ? second * 2
                : default,
        ["StopGradient"] = (g, x) => g.StopGradient(x) * 2,
        ["PreventGradient"] = (g, x) => g.Unary("PreventGradient", x) * 2,
        ["Snapshot"] = (g, x) => g.Unary("Snapshot", x) * 2,
        ["CheckNumerics"] = (g, x) => g.Op("CheckNumerics").Input(x).Set("message", "odd").Output() * 2,
        ["PlaceholderWithDefault"] = (g, x) => x * g.Op("PlaceholderWithDefault").Input(Values(g, 3)).SetShape("shape", [3]).Output(),
        ["NoOp"] = (g, x) => g.Op("Identity").Input(x * 2).After(g.Op("NoOp").Finish()).Output(),
    };

    private static Symbol Values(TensorFlowGraph g, params long[] shape) =>
        g.Constant([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => MathF.Sin(i + 1))], shape);

    private static Symbol Conv(TensorFlowGraph g, string op, Symbol x, long[] strides, string padding, params long[] filter) =>
        g.Op(op).Input(x).Input(Values(g, filter)).Set("strides", strides).Set("padding", padding).Output();

    private static Symbol Pool(TensorFlowGraph g, string op, Symbol x, string padding) =>
        g.Op(op).Input(x).Set("ksize", [1, 3, 2, 1]).Set("strides", [1, 2, 1, 1]).Set("padding", padding).Output();

    private static Symbol BatchNorm(TensorFlowGraph g, string op, Symbol x) =>
        g.Op(op)
            .Input(x)
            .Input(Values(g, 3))
            .Input(Values(g, 3))
            .Input(Values(g, 3))
            .Input(g.Square(Values(g, 3)))
            .Set("is_training", false)
            .Set("epsilon", 2e-3f)
            .Output();

    private static Symbol Resize(TensorFlowGraph g, string op, Symbol x, bool corners, bool half) =>
        g.Op(op).Input(x).Input(g.Int32s(9, 10)).Set("align_corners", corners).Set("half_pixel_centers", half).Output();

    private static Symbol Strided(TensorFlowGraph g, Symbol x, long[] from, long[] to, long[] steps, long begin, long end, long shrink) =>
        g.Op("StridedSlice")
            .Input(x)
            .Input(g.Int32s(from))
            .Input(g.Int32s(to))
            .Input(g.Int32s(steps))
            .Set("begin_mask", begin)
            .Set("end_mask", end)
            .Set("shrink_axis_mask", shrink)
            .Output();

    private static Symbol Batch(TensorFlowGraph g, Symbol x) => Strided(g, g.Unary("Shape", x), [0], [1], [1], 0, 0, 1);

    /// <summary>The product of some of a value's sizes.</summary>
    private static Symbol Product(TensorFlowGraph g, Symbol x, long from, long to) =>
        g.Op("Prod").Input(Strided(g, g.Unary("Shape", x), [from], [to], [1], 0, 0, 0)).Input(g.Int32s(0)).Output();

    /// <summary>As Keras's Flatten.</summary>
    private static Symbol Flat(TensorFlowGraph g, Symbol x, Symbol width) =>
        g.Op("Reshape").Input(x).Input(g.Op("Pack").Inputs([Batch(g, x), width]).Output()).Output();

    private static Symbol Repeated(TensorFlowGraph g, Symbol x, Symbol row) =>
        g.Op("BroadcastTo").Input(row).Input(g.Op("Pack").Inputs([Batch(g, x), g.Int32(3)]).Output()).Output();
}
