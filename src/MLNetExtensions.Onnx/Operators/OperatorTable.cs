using static MLNetExtensions.Onnx.Operators.BatchRule;
using static MLNetExtensions.Onnx.Operators.ChannelRule;
using static MLNetExtensions.Onnx.Operators.ElementRule;
using static MLNetExtensions.Onnx.Operators.Int8Rule;
using static MLNetExtensions.Onnx.Operators.OperatorTraits;
using static MLNetExtensions.Onnx.Operators.OutputShape;

namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// The one table of ONNX's operators: what shape inference, passes, batches, pruning, quantization, 16-bit floats and the runtimes'
/// registries must know of an operator by its name. What an operator does is code beside its kind: shape rules, row rules, constants,
/// kernels. docs/operators.md is written from here.
/// </summary>
internal static class OperatorTable
{
    private static readonly OperatorInfo[] Rows =
    [
        // Name, came in with, form of the kernels; shape; elements; batch; channels; INT8; traits.
        new("Abs", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Acos", 7, 22, FirstShape, Alone, EachElement),
        new("Acosh", 9, 22, FirstShape, Alone, EachElement),
        new("Add", 1, 14, BroadcastShape, Together, EachElement, Coupled, Computed, Float16 | BehindClassifier),
        new("AffineGrid", 20, 20, OwnShape, Limits: "a size known beforehand"),
        new("And", 1, 7, TruthShape, Together, EachElement, Gradient: []),
        new("ArgMax", 1, 13, OwnShape, Batch: OneAxis, Traits: BehindClassifier, Gradient: []),
        new("ArgMin", 1, 13, OwnShape, Batch: OneAxis, Gradient: []),
        new("Asin", 7, 22, FirstShape, Alone, EachElement),
        new("Asinh", 9, 22, FirstShape, Alone, EachElement),
        new("Atan", 7, 22, FirstShape, Alone, EachElement),
        new("Atanh", 9, 22, FirstShape, Alone, EachElement),
        new("Attention", 23, 0, Unshaped),
        new(
            "AveragePool",
            1,
            22,
            OwnShape,
            Batch: EachImage,
            Channels: SameChannels,
            Int8: Computed,
            Traits: Float16 | BehindClassifier,
            Limits: "1 to 3 spatial dimensions; INT8 without dilations"
        ),
        new(
            "BatchNormalization",
            1,
            15,
            OwnShape,
            Batch: EachImage,
            Channels: OwnChannels,
            Traits: Float16 | OptionalOutputs | BehindClassifier,
            Gradient: [0, 1, 2],
            Limits: "running statistics that no other node reads; no statistics for each position (spatial 0); INT8 as part of the "
                + "layer in front of it"
        ),
        new("Bernoulli", 15, 0, Unshaped, Batch: MixedBatch, Gradient: []),
        new("BitShift", 11, 11, BroadcastShape, Together, EachElement),
        new("BitwiseAnd", 18, 18, BroadcastShape, Together),
        new("BitwiseNot", 18, 18, FirstShape, Alone),
        new("BitwiseOr", 18, 18, BroadcastShape, Together),
        new("BitwiseXor", 18, 18, BroadcastShape, Together),
        new(
            "Cast",
            1,
            21,
            OwnShape,
            Alone,
            EachElement,
            Kept,
            Traits: BehindClassifier | Unchanging,
            Limits: "TensorFlow: element types that it has, no strings"
        ),
        new("CastLike", 15, 21, OwnShape, Limits: "TensorFlow: element types that it has, no strings"),
        new("Ceil", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16, Gradient: []),
        new("Celu", 12, 12, FirstShape, Alone, EachElement),
        new("Clip", 1, 13, FirstShape, Alone, EachElement, Kept, Activation, Float16, Gradient: [0]),
        new("Compress", 9, 0, Unshaped, Batch: MixedBatch, Gradient: [0]),
        new("Concat", 1, 13, OwnShape, Batch: OneAxis, Channels: OwnChannels, Int8: Computed, Traits: Float16),
        new("Constant", 1, 0, OwnShape, Channels: Unread),
        new(
            "ConstantOfShape",
            9,
            0,
            OwnShape,
            Traits: Growing,
            Gradient: [],
            Limits: "known beforehand: what it makes follows from constants and shapes"
        ),
        new(
            "Conv",
            1,
            22,
            OwnShape,
            Batch: EachImage,
            Channels: OwnChannels,
            Int8: Weighted,
            Traits: Float16 | Classifier,
            Limits: "1 to 3 spatial dimensions; floats only; TensorFlow: no groups over 3 spatial dimensions; pruning with one group, "
                + "or one for each channel"
        ),
        new("ConvInteger", 10, 0, Unshaped, Traits: Classifier),
        new(
            "ConvTranspose",
            1,
            22,
            OwnShape,
            Batch: EachImage,
            Channels: OwnChannels,
            Traits: Float16,
            Limits: "1 to 3 spatial dimensions; pruning with one group"
        ),
        new("Cos", 7, 22, FirstShape, Alone, EachElement, Traits: Float16),
        new("Cosh", 9, 22, FirstShape, Alone, EachElement),
        new("CumSum", 11, 14, FirstShape, Batch: OneAxis, Gradient: [0], Limits: "an axis known beforehand"),
        new("DeformConv", 19, 0, Unshaped),
        new("DepthToSpace", 1, 13, OwnShape, Batch: EachImage, Int8: Moved, Traits: Float16),
        new(
            "DequantizeLinear",
            10,
            21,
            OwnShape,
            Alone,
            Traits: BehindClassifier,
            Gradient: [0],
            Limits: "numbers of 8 and 16 bits, without blocks"
        ),
        new("Div", 1, 14, BroadcastShape, Together, EachElement, Coupled, Traits: Float16 | BehindClassifier),
        new(
            "Dropout",
            1,
            22,
            OwnShape,
            Batch: EachElement,
            Channels: Kept,
            Traits: OptionalOutputs | BehindClassifier,
            Gradient: [0],
            Limits: "a ratio known beforehand, from 0 to below 1; below opset 12 a mask that nobody reads"
        ),
        new("DynamicQuantizeLinear", 11, 0, Unshaped, Batch: MixedBatch),
        new("Einsum", 12, 12, OwnShape, Batch: MixedBatch, Traits: Float16),
        new("Elu", 1, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Equal", 1, 19, TruthShape, Together, EachElement, Gradient: []),
        new("Erf", 9, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Exp", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Expand", 8, 13, OwnShape, Int8: Moved, Traits: Float16 | Growing, Gradient: [0], Limits: "a shape known beforehand"),
        new(
            "EyeLike",
            9,
            0,
            OwnShape,
            Traits: Growing,
            Gradient: [],
            Limits: "known beforehand: what it makes follows from constants and shapes"
        ),
        new("Flatten", 1, 21, OwnShape, Channels: OwnChannels, Int8: Moved, Traits: Float16 | BehindClassifier),
        new("Floor", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16, Gradient: []),
        new("Gather", 1, 13, OwnShape, Batch: OneAxis, Int8: Moved, Traits: Float16, Gradient: [0]),
        new("GatherElements", 11, 13, OwnShape, Batch: OneAxis, Traits: Float16, Gradient: [0]),
        new("GatherND", 11, 13, OwnShape, Batch: MixedBatch, Traits: Float16, Gradient: [0]),
        new("Gelu", 20, 20, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new(
            "Gemm",
            1,
            13,
            OwnShape,
            Channels: OwnChannels,
            Int8: Weighted,
            Traits: Float16 | Classifier,
            Limits: "INT8 with transA 0, alpha 1 and beta 1; pruning with transA 0"
        ),
        new(
            "GlobalAveragePool",
            1,
            22,
            OwnShape,
            Batch: EachImage,
            Channels: SameChannels,
            Int8: Computed,
            Traits: Float16 | BehindClassifier
        ),
        new("GlobalLpPool", 1, 22, OwnShape, Batch: EachImage, Channels: SameChannels),
        new("GlobalMaxPool", 1, 22, OwnShape, Batch: EachImage, Channels: SameChannels, Traits: Float16),
        new("Greater", 1, 13, TruthShape, Together, EachElement, Gradient: []),
        new("GreaterOrEqual", 12, 16, TruthShape, Together, EachElement, Gradient: []),
        new("GridSample", 16, 22, OwnShape, Batch: EachImage, Limits: "linear and nearest"),
        new("GroupNormalization", 18, 21, FirstShape, Batch: EachImage, Traits: Float16),
        new(
            "GRU",
            1,
            0,
            OwnShape,
            Batch: MixedBatch,
            Traits: OptionalOutputs,
            Gradient: [0, 1, 2, 3, 5],
            Limits: "no clip, no sequence_lens shorter than the input; the activations Relu, Sigmoid, Softplus, Softsign, Tanh"
        ),
        new("Hardmax", 1, 13, FirstShape, Batch: OneAxis, Traits: LastAxisSince13, Axis: 1, Gradient: []),
        new("HardSigmoid", 1, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("HardSwish", 14, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Identity", 1, 21, FirstShape, Alone, EachElement, Kept, Traits: Float16 | BehindClassifier | Unchanging),
        new("If", 1, 0, Unshaped, Batch: MixedBatch, Limits: "trained only where its condition is always the same: its branch is inlined"),
        new("InstanceNormalization", 1, 22, FirstShape, Batch: EachImage, Channels: OwnChannels, Traits: Float16),
        new("IsInf", 10, 20, OwnShape, Alone, EachElement, Gradient: []),
        new("IsNaN", 9, 20, OwnShape, Alone, EachElement, Gradient: []),
        new("LayerNormalization", 17, 17, OwnShape, Batch: OneAxis, Traits: Float16 | OptionalOutputs, Axis: -1),
        new("LeakyRelu", 1, 16, FirstShape, Alone, EachElement, Kept, Computed, Float16),
        new("Less", 1, 13, TruthShape, Together, EachElement, Gradient: []),
        new("LessOrEqual", 12, 16, TruthShape, Together, EachElement, Gradient: []),
        new("Log", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("LogSoftmax", 1, 13, FirstShape, Batch: OneAxis, Traits: Float16 | BehindClassifier | LastAxisSince13, Axis: 1),
        new("Loop", 1, 0, Unshaped, Batch: MixedBatch),
        new("LpNormalization", 1, 0, FirstShape, Batch: OneAxis, Axis: -1, Limits: "no kernel"),
        new("LpPool", 1, 22, OwnShape, Batch: EachImage, Channels: SameChannels, Limits: "1 to 3 spatial dimensions"),
        new("LRN", 1, 13, FirstShape, Batch: EachImage, Limits: "an odd size"),
        new(
            "LSTM",
            1,
            0,
            OwnShape,
            Batch: MixedBatch,
            Traits: OptionalOutputs,
            Gradient: [0, 1, 2, 3, 5, 6, 7],
            Limits: "no clip, no sequence_lens shorter than the input; the activations Relu, Sigmoid, Softplus, Softsign, Tanh; no "
                + "input_forget"
        ),
        new(
            "MatMul",
            1,
            13,
            OwnShape,
            Channels: OwnChannels,
            Int8: Weighted,
            Traits: Float16 | Classifier,
            Limits: "INT8 and pruning with a weight of 2 dimensions"
        ),
        new("MatMulInteger", 10, 0, Unshaped, Traits: Classifier),
        new("Max", 1, 13, BroadcastShape, Together, EachElement, Coupled, Traits: Float16),
        new(
            "MaxPool",
            1,
            22,
            OwnShape,
            Batch: EachImage,
            Channels: SameChannels,
            Int8: Moved,
            Traits: Float16 | OptionalOutputs,
            Limits: "1 to 3 spatial dimensions; TorchSharp: no indices with asymmetric pads or ceil_mode; storage_order 1 over 2 "
                + "spatial dimensions only"
        ),
        new("MaxUnpool", 9, 0, Unshaped, Gradient: [0]),
        new("Mean", 1, 13, BroadcastShape, Together, EachElement, Coupled),
        new("MeanVarianceNormalization", 9, 0, FirstShape),
        new("Min", 1, 13, BroadcastShape, Together, EachElement, Coupled, Traits: Float16),
        new("Mish", 18, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Mod", 10, 13, BroadcastShape, Together, EachElement),
        new("Mul", 1, 14, BroadcastShape, Together, EachElement, Coupled, Computed, Float16 | BehindClassifier),
        new("Multinomial", 7, 0, Unshaped, Batch: MixedBatch, Gradient: []),
        new("Neg", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("NegativeLogLikelihoodLoss", 12, 0, OwnShape, Gradient: [0]),
        new("NonMaxSuppression", 10, 0, Unshaped, Batch: MixedBatch),
        new("NonZero", 9, 0, Unshaped, Batch: MixedBatch, Gradient: []),
        new("Not", 1, 1, FirstShape, Alone, EachElement, Gradient: []),
        new("OneHot", 9, 11, OwnShape, Batch: MixedBatch, Gradient: [], Limits: "a depth known beforehand"),
        new("Or", 1, 7, TruthShape, Together, EachElement, Gradient: []),
        new(
            "Pad",
            1,
            21,
            OwnShape,
            Channels: OwnChannels,
            Int8: Padded,
            Traits: Float16,
            Gradient: [0],
            Limits: "pads, axes and padding value known beforehand"
        ),
        new("Pow", 1, 15, BroadcastShape, Together, EachElement, Coupled, Traits: Float16),
        new("PRelu", 1, 16, FirstShape, Together, EachElement, Coupled, Traits: Float16),
        new("QLinearConv", 10, 0, Unshaped, Traits: Classifier),
        new("QLinearMatMul", 10, 0, Unshaped, Traits: Classifier),
        new(
            "QuantizeLinear",
            10,
            21,
            OwnShape,
            Alone,
            Traits: BehindClassifier,
            Gradient: [0],
            Limits: "numbers of 8 and 16 bits, without blocks"
        ),
        new("RandomNormal", 1, 0, Unshaped),
        new("RandomNormalLike", 1, 0, Unshaped, Gradient: []),
        new("RandomUniform", 1, 0, Unshaped),
        new("RandomUniformLike", 1, 0, Unshaped, Gradient: []),
        new(
            "Range",
            11,
            0,
            OwnShape,
            Traits: Growing,
            Gradient: [],
            Limits: "known beforehand: what it makes follows from constants and shapes"
        ),
        new("Reciprocal", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("ReduceL1", 1, 18, ReducedShape, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceL2", 1, 18, ReducedShape, Channels: SameChannels, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceLogSum", 1, 18, ReducedShape, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceLogSumExp", 1, 18, ReducedShape, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceMax", 1, 20, ReducedShape, Channels: SameChannels, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new(
            "ReduceMean",
            1,
            18,
            ReducedShape,
            Channels: SameChannels,
            Traits: Float16 | BehindClassifier,
            Gradient: [0],
            Limits: "axes known beforehand"
        ),
        new("ReduceMin", 1, 20, ReducedShape, Channels: SameChannels, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceProd", 1, 18, ReducedShape, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceSum", 1, 13, ReducedShape, Channels: SameChannels, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new("ReduceSumSquare", 1, 18, ReducedShape, Traits: Float16, Gradient: [0], Limits: "axes known beforehand"),
        new("Relu", 1, 14, FirstShape, Alone, EachElement, Kept, Activation, Float16 | BehindClassifier),
        new(
            "Reshape",
            1,
            21,
            OwnShape,
            Channels: OwnChannels,
            Int8: Moved,
            Traits: Float16 | BehindClassifier | Unchanging,
            Gradient: [0],
            Limits: "a shape known beforehand"
        ),
        new(
            "Resize",
            10,
            19,
            OwnShape,
            Channels: SameChannels,
            Gradient: [0],
            Limits: "scales and region known beforehand; of opset 10 not nearest with scales below 1"
        ),
        new("ReverseSequence", 10, 0, FirstShape, Gradient: [0], Limits: "no kernel"),
        new("RMSNormalization", 23, 0, Unshaped, Batch: OneAxis, Axis: -1),
        new(
            "RNN",
            1,
            0,
            OwnShape,
            Batch: MixedBatch,
            Traits: OptionalOutputs,
            Gradient: [0, 1, 2, 3, 5],
            Limits: "no clip, no sequence_lens shorter than the input; the activations Relu, Sigmoid, Softplus, Softsign, Tanh"
        ),
        new("RotaryEmbedding", 23, 0, Unshaped),
        new("Round", 11, 22, FirstShape, Alone, EachElement, Gradient: []),
        new("Scan", 8, 0, Unshaped, Batch: MixedBatch),
        new("Scatter", 9, 0, Unshaped, Until: 10, Limits: "as ScatterElements"),
        new("ScatterElements", 11, 18, FirstShape, Gradient: [0, 2], Limits: "reduction none and add"),
        new("ScatterND", 11, 18, FirstShape, Batch: MixedBatch, Gradient: [0, 2], Limits: "reduction none and add"),
        new("Selu", 1, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Shape", 1, 0, OwnShape, Channels: Unread, Gradient: []),
        new("Shrink", 9, 9, FirstShape, Alone, EachElement),
        new("Sigmoid", 1, 13, FirstShape, Alone, EachElement, Kept, Computed, Float16 | BehindClassifier),
        new("Sign", 9, 13, FirstShape, Alone, EachElement, Gradient: []),
        new("SimplifiedLayerNormalization", 1, 0, Unshaped, Limits: "ONNX Runtime's own, without a domain of its own"),
        new("Sin", 7, 22, FirstShape, Alone, EachElement, Traits: Float16),
        new("Sinh", 9, 22, FirstShape, Alone, EachElement),
        new("Size", 1, 0, OwnShape, Channels: Unread, Gradient: []),
        new(
            "Slice",
            1,
            13,
            OwnShape,
            Channels: OwnChannels,
            Int8: Moved,
            Traits: Float16,
            Gradient: [0],
            Limits: "starts, ends, axes and steps known beforehand"
        ),
        new("Softmax", 1, 13, FirstShape, Batch: OneAxis, Traits: Float16 | BehindClassifier | LastAxisSince13, Axis: 1),
        new("SoftmaxCrossEntropyLoss", 12, 0, OwnShape, Traits: OptionalOutputs, Gradient: [0]),
        new("Softplus", 1, 22, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("Softsign", 1, 22, FirstShape, Alone, EachElement),
        new("SpaceToDepth", 1, 13, OwnShape, Batch: EachImage, Int8: Moved, Traits: Float16),
        new(
            "Split",
            1,
            18,
            OwnShape,
            Batch: OneAxis,
            Channels: OwnChannels,
            Int8: Moved,
            Traits: Float16,
            Gradient: [0],
            Limits: "sizes known beforehand; pruning along channels with given sizes"
        ),
        new("Sqrt", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new(
            "Squeeze",
            1,
            21,
            OwnShape,
            Channels: SameChannels,
            Int8: Moved,
            Traits: Float16 | BehindClassifier,
            Gradient: [0],
            Limits: "axes known beforehand"
        ),
        new("Sub", 1, 14, BroadcastShape, Together, EachElement, Coupled, Traits: Float16 | BehindClassifier),
        new("Sum", 1, 13, BroadcastShape, Together, EachElement, Coupled, Traits: Float16, Limits: "INT8 of two inputs, as Add"),
        new("Swish", 24, 0, Unshaped, Alone, EachElement),
        new("Tan", 7, 22, FirstShape, Alone, EachElement),
        new("Tanh", 1, 13, FirstShape, Alone, EachElement, Kept, Traits: Float16),
        new("ThresholdedRelu", 10, 22, FirstShape, Alone, EachElement),
        new("Tile", 1, 13, OwnShape, Traits: Float16 | Growing, Gradient: [0], Limits: "repeats known beforehand"),
        new("TopK", 1, 11, OwnShape, Batch: OneAxis, Traits: BehindClassifier, Axis: -1, Gradient: [0], Limits: "a k known beforehand"),
        new("Transpose", 1, 21, OwnShape, Channels: OwnChannels, Int8: Moved, Traits: Float16 | BehindClassifier),
        new("Trilu", 14, 14, FirstShape, Gradient: [0], Limits: "a diagonal known beforehand"),
        new("Unique", 11, 0, Unshaped, Batch: MixedBatch, Traits: OptionalOutputs),
        new(
            "Unsqueeze",
            1,
            21,
            OwnShape,
            Channels: SameChannels,
            Int8: Moved,
            Traits: Float16 | BehindClassifier,
            Gradient: [0],
            Limits: "axes known beforehand"
        ),
        new("Upsample", 1, 0, Unshaped, Channels: SameChannels, Gradient: [0], Until: 9, Limits: "as Resize"),
        new("Where", 9, 16, OwnShape, Together, EachElement, Traits: Float16, Gradient: [1, 2]),
        new("Xor", 1, 7, TruthShape, Together, EachElement, Gradient: []),
    ];

    private static readonly Dictionary<string, OperatorInfo> ByName = Rows.ToDictionary(o => o.Name);

    /// <summary>All rows, in the order of their names.</summary>
    public static IReadOnlyList<OperatorInfo> All => Rows;

    /// <summary>The names of the operators for which something holds.</summary>
    public static IEnumerable<string> Names(Func<OperatorInfo, bool> holds) => Rows.Where(holds).Select(o => o.Name);

    /// <summary>The row of an operator, whatever the domain of the node that names it; null where there is none.</summary>
    public static OperatorInfo? Find(string opType) => ByName.GetValueOrDefault(opType);

    /// <summary>The row of a node's operator; null for other domains and unknown names.</summary>
    public static OperatorInfo? Find(OnnxNode node) => node.Domain.Length > 0 ? null : Find(node.OpType);

    /// <summary>True if a name is that of an operator with a trait.</summary>
    public static bool Has(string opType, OperatorTraits trait) => Find(opType)?.Has(trait) == true;
}
