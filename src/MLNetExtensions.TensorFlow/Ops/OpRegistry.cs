using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// The ops this runtime does itself: primitives, and composites that TensorFlow has natively. To add one:
/// (1) write <c>Ops/NAME.cs</c>, an internal static class with <c>static OpResult[] Compile(OpCompilation op)</c> that takes inputs in the layout it
/// wants, adds TensorFlow ops, and notes its steps where TensorFlow's C++ registry has no gradient; (2) add a line to <see cref="Registrations"/> with the
/// opset in which the implemented form appeared (graphs arrive lowered to opset 22, so only the newest form is needed); (3) the contract's tests
/// in tests/Contract/Ops test it.
/// </summary>
internal static class OpRegistry
{
    private static readonly OpRegistration[] Registrations =
    [
        .. Activations.Registrations,
        .. Binary.Registrations,
        .. Reduce.Registrations,
        .. Unary.Registrations,
        .. Variadic.Registrations,
        new("", "AffineGrid", 20, AffineGrid.Compile),
        new("", "ArgMax", 13, ArgReduce.CompileMax),
        new("", "ArgMin", 13, ArgReduce.CompileMin),
        new("", "AveragePool", 22, AveragePool.Compile),
        new("", "BatchNormalization", 15, BatchNormalization.Compile),
        new("", "Cast", 21, Cast.Compile),
        new("", "CastLike", 21, Cast.Compile),
        new("", "Clip", 13, Clip.Compile),
        new("", "Concat", 13, Concat.Compile),
        new("", "Conv", 22, Conv.Compile),
        new("", "ConvTranspose", 22, ConvTranspose.Compile),
        new("", "CumSum", 14, CumSum.Compile),
        new("", "DepthToSpace", 13, DepthToSpace.Compile),
        new("", "DequantizeLinear", 21, Quantization.CompileDequantize),
        new("", "Dropout", 22, Dropout.Compile),
        new("", "Einsum", 12, Einsum.Compile),
        new("", "Expand", 13, Expand.Compile),
        new("", "Flatten", 21, Reshape.Compile),
        new("", "Gather", 13, Gather.Compile),
        new("", "GatherElements", 13, Gather.CompileElements),
        new("", "GatherND", 13, Gather.CompileND),
        new("", "Gemm", 13, Gemm.Compile),
        new("", "GlobalAveragePool", 22, GlobalPool.CompileAverage),
        new("", "GlobalLpPool", 22, GlobalPool.CompileLp),
        new("", "GlobalMaxPool", 22, GlobalPool.CompileMax),
        new("", "GridSample", 22, GridSample.Compile),
        new("", "GroupNormalization", 21, GroupNormalization.Compile),
        new("", "Hardmax", 13, Hardmax.Compile),
        new("", "InstanceNormalization", 22, GroupNormalization.CompileInstance),
        new("", "IsInf", 20, IsInf.Compile),
        new("", "LayerNormalization", 17, LayerNormalization.Compile),
        new("", "LogSoftmax", 13, Softmax.CompileLog),
        new("", "LpPool", 22, LpPool.Compile),
        new("", "LRN", 13, Lrn.Compile),
        new("", "MatMul", 13, MatMul.Compile),
        new("", "MaxPool", 22, MaxPool.Compile),
        new("", "OneHot", 11, OneHot.Compile),
        new("", "Pad", 21, Pad.Compile),
        new("", "QuantizeLinear", 21, Quantization.CompileQuantize),
        new("", "Reshape", 21, Reshape.Compile),
        new("", "Resize", 19, Resize.Compile),
        new("", "ScatterElements", 18, Scatter.CompileElements),
        new("", "ScatterND", 18, Scatter.CompileND),
        new("", "Slice", 13, Slice.Compile),
        new("", "Softmax", 13, Softmax.Compile),
        new("", "SpaceToDepth", 13, DepthToSpace.CompileSpaceToDepth),
        new("", "Split", 18, Split.Compile),
        new("", "Squeeze", 21, Reshape.Compile),
        new("", "Tile", 13, Tile.Compile),
        new("", "TopK", 11, TopK.Compile),
        new("", "Transpose", 21, Transpose.Compile),
        new("", "Trilu", 14, Trilu.Compile),
        new("", "Unsqueeze", 21, Reshape.Compile),
        new("", "Where", 16, Where.Compile),
    ];

    private static readonly OpTable<OpKernel> Table = new(Registrations);

    /// <summary>The names of all ops.</summary>
    public static IEnumerable<string> OpTypes => Table.OpTypes;

    /// <summary>The registration for a node of a graph of the given opset: the newest one that is not newer; null if there is none.</summary>
    public static OpRegistration? Find(OnnxNode node, int opset) => Table.Find(node, opset);
}
