using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

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
        .. Unary.Registrations,
        .. Variadic.Registrations,
        new("", "AveragePool", 22, AveragePool.Compile),
        new("", "BatchNormalization", 15, BatchNormalization.Compile),
        new("", "Clip", 13, Clip.Compile),
        new("", "Conv", 22, Conv.Compile),
        new("", "Dropout", 22, Dropout.Compile),
        new("", "Flatten", 21, Reshape.Compile),
        new("", "Gemm", 13, Gemm.Compile),
        new("", "GlobalAveragePool", 22, GlobalPool.CompileAverage),
        new("", "GlobalLpPool", 22, GlobalPool.CompileLp),
        new("", "GlobalMaxPool", 22, GlobalPool.CompileMax),
        new("", "MatMul", 13, MatMul.Compile),
        new("", "MaxPool", 22, MaxPool.Compile),
        new("", "Reshape", 21, Reshape.Compile),
        new("", "Squeeze", 21, Reshape.Compile),
        new("", "Unsqueeze", 21, Reshape.Compile),
        new("", "Where", 16, Where.Compile),
    ];

    private static readonly OpTable<OpKernel> Table = new(Registrations);

    /// <summary>The names of all ops.</summary>
    public static IEnumerable<string> OpTypes => Table.OpTypes;

    /// <summary>The registration for a node of a graph of the given opset: the newest one that is not newer; null where there is none.</summary>
    public static OpRegistration? Find(OnnxNode node, int opset) => Table.Find(node, opset);
}
