namespace MLNetExtensions.Onnx.Operators;

/// <summary>An op of ONNX's domain that a runtime does itself, in the form that <see cref="OperatorInfo.KernelOpset"/> tells.</summary>
/// <param name="OpType">The op's name.</param>
/// <param name="Compile">Makes a node's kernel; throws <see cref="UnsupportedOpException"/> for what it cannot do.</param>
internal sealed record OpRegistration<TCompile>(string OpType, TCompile Compile)
    where TCompile : Delegate;
