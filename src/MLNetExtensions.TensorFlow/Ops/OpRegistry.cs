using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// The ops this runtime does itself: primitives, and composites that TensorFlow has natively. To add one:
/// (1) write <c>Ops/NAME.cs</c>, an internal static class with <c>static OpResult[] Compile(OpCompilation op)</c> that takes inputs in the
/// layout it wants, adds TensorFlow ops, and notes its steps where TensorFlow's C++ registry has no gradient; (2) add a line to
/// <see cref="Registrations"/>; <see cref="OperatorTable"/> tells the opset in which the implemented form appeared (graphs arrive lowered
/// to opset 22, so only the newest form is needed); (3) the contract's tests in tests/Contract/Ops test it.
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
        new("AffineGrid", AffineGrid.Compile),
        new("ArgMax", ArgReduce.CompileMax),
        new("ArgMin", ArgReduce.CompileMin),
        new("AveragePool", AveragePool.Compile),
        new("BatchNormalization", BatchNormalization.Compile),
        new("Cast", Cast.Compile),
        new("CastLike", Cast.Compile),
        new("Clip", Clip.Compile),
        new("Concat", Concat.Compile),
        new("Conv", Conv.Compile),
        new("ConvTranspose", ConvTranspose.Compile),
        new("CumSum", CumSum.Compile),
        new("DepthToSpace", DepthToSpace.Compile),
        new("DequantizeLinear", Quantization.CompileDequantize),
        new("Dropout", Dropout.Compile),
        new("Einsum", Einsum.Compile),
        new("Expand", Expand.Compile),
        new("Flatten", Reshape.Compile),
        new("Gather", Gather.Compile),
        new("GatherElements", Gather.CompileElements),
        new("GatherND", Gather.CompileND),
        new("Gemm", Gemm.Compile),
        new("GlobalAveragePool", GlobalPool.CompileAverage),
        new("GlobalLpPool", GlobalPool.CompileLp),
        new("GlobalMaxPool", GlobalPool.CompileMax),
        new("GridSample", GridSample.Compile),
        new("GroupNormalization", GroupNormalization.Compile),
        new("Hardmax", Hardmax.Compile),
        new("InstanceNormalization", GroupNormalization.CompileInstance),
        new("IsInf", IsInf.Compile),
        new("LayerNormalization", LayerNormalization.Compile),
        new("LogSoftmax", Softmax.CompileLog),
        new("LpPool", LpPool.Compile),
        new("LRN", Lrn.Compile),
        new("MatMul", MatMul.Compile),
        new("MaxPool", MaxPool.Compile),
        new("OneHot", OneHot.Compile),
        new("Pad", Pad.Compile),
        new("QuantizeLinear", Quantization.CompileQuantize),
        new("Reshape", Reshape.Compile),
        new("Resize", Resize.Compile),
        new("ScatterElements", Scatter.CompileElements),
        new("ScatterND", Scatter.CompileND),
        new("Slice", Slice.Compile),
        new("Softmax", Softmax.Compile),
        new("SpaceToDepth", DepthToSpace.CompileSpaceToDepth),
        new("Split", Split.Compile),
        new("Squeeze", Reshape.Compile),
        new("Tile", Tile.Compile),
        new("TopK", TopK.Compile),
        new("Transpose", Transpose.Compile),
        new("Trilu", Trilu.Compile),
        new("Unsqueeze", Reshape.Compile),
        new("Where", Where.Compile),
    ];

    private static readonly KernelTable<OpKernel> Table = new(Registrations);

    /// <summary>The names of all ops.</summary>
    public static IEnumerable<string> OpTypes => Table.OpTypes;

    /// <summary>
    /// The registration for a node of a graph of the given opset: the newest one that is not newer; null if there is none.
    /// </summary>
    public static OpRegistration? Find(OnnxNode node, int opset) => Table.Find(node, opset);
}
