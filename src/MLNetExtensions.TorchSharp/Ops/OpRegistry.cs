using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// The ops this runtime does itself: primitives, and composites that libtorch has natively. To add one:
/// (1) write <c>Ops/NAME.cs</c>, an internal static class with <c>static OpKernel Compile(OpCompilation op)</c>: read attributes, shapes
/// and constant inputs there and return a lambda that calls libtorch; (2) add a line to <see cref="Registrations"/>;
/// <see cref="OperatorTable"/> tells the opset in which the implemented form appeared (graphs arrive lowered to opset 22, so only the
/// newest form is needed); (3) add cases to tests/Contract/Ops/Cases, which every runtime's tests run, and its node tests to
/// tests/MLNetExtensions.TorchSharp.Tests/NodeTests/node-tests.txt.
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
        new("AffineGrid", GridSample.CompileAffineGrid),
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
        new("InstanceNormalization", InstanceNormalization.Compile),
        new("IsInf", IsInf.Compile),
        new("LRN", Lrn.Compile),
        new("LayerNormalization", LayerNormalization.Compile),
        new("LogSoftmax", Softmax.CompileLog),
        new("LpPool", LpPool.Compile),
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

    private static readonly KernelTable<Func<OpCompilation, OpKernel>> Table = new(Registrations);

    /// <summary>The names of all ops.</summary>
    public static IEnumerable<string> OpTypes => Table.OpTypes;

    /// <summary>
    /// The registration for a node of a graph of the given opset: the newest one that is not newer; null if there is none.
    /// </summary>
    public static OpRegistration? Find(OnnxNode node, int opset) => Table.Find(node, opset);
}
