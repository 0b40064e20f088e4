namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>The settings of a forward pass. The session owns one instance and sets it before each pass.</summary>
internal sealed class RunContext
{
    /// <summary>The device of all tensors.</summary>
    public required torch.Device Device { get; init; }

    /// <summary>The type in which Conv, MatMul and Gemm compute: Float32 or BFloat16.</summary>
    public required torch.ScalarType ComputeType { get; init; }

    /// <summary>The source of dropout's draws, seeded by the options; one stream over the session's life.</summary>
    public required torch.Generator Generator { get; init; }

    /// <summary>True if this pass is a training step.</summary>
    public bool Training { get; set; }

    /// <summary>Breaks the pass off between operators.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>True if BatchNorm normalizes by the batch's statistics and updates its running statistics.</summary>
    public bool BatchNormTraining { get; set; }

    /// <summary>True if Dropout drops values.</summary>
    public bool DropoutEnabled { get; set; }

    /// <summary>
    /// A Conv's, MatMul's or Gemm's operand in <see cref="ComputeType"/> (strides kept). Activations then flow in that type through
    /// element-wise ops, BatchNorm and pooling. The result may be <paramref name="tensor"/> itself.
    /// </summary>
    public Tensor ToCompute(Tensor tensor) => tensor.dtype == ComputeType ? tensor : tensor.to(ComputeType);

    /// <summary>
    /// The operand of an op that needs 32 bits (Softmax, LayerNormalization, Exp, Log, reductions over many values). May be
    /// <paramref name="tensor"/> itself.
    /// </summary>
    public Tensor ToFloat32(Tensor tensor) => tensor.dtype == torch.ScalarType.BFloat16 ? tensor.to(torch.ScalarType.Float32) : tensor;
}
