namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// One node made ready to run. Called once a forward pass; must work in training (autograd records it) and in inference.
/// </summary>
/// <param name="inputs">
/// The node's inputs in order; null if an optional input is not given. The array and the tensors belong to the session: do not keep
/// or dispose them. 4-D tensors usually are channels-last (NCHW shape, NHWC strides).
/// </param>
/// <param name="run">The kind of pass.</param>
/// <returns>
/// The outputs in the node's order, up to the last one for which <see cref="MLNetExtensions.Onnx.Operators.OpNode.IsOutputUsed"/> is true.
/// Each is a new Tensor object, never an input itself (an identity returns <c>x.alias()</c>): the session disposes it after its last use.
/// Temporaries that the kernel leaves are disposed at the end of the pass; dispose big ones at once (<c>using</c>): autograd keeps what it
/// needs.
/// </returns>
internal delegate Tensor[] OpKernel(Tensor?[] inputs, RunContext run);
