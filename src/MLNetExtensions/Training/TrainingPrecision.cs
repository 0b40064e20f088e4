namespace MLNetExtensions.Training;

/// <summary>The number format of matrix products and convolutions; master weights and statistics are always 32-bit floats.</summary>
public enum TrainingPrecision
{
    /// <summary>BFloat16 if the processor (AVX512-BF16, AMX) or GPU supports it natively, else Float32.</summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>16-bit bfloat; several times slower than Float32 if the processor does not support it.</summary>
    BFloat16,

    /// <summary>
    /// 16-bit floats, for GPUs without BFloat16, by the TensorFlow runtime only. Their range is small: the loss is scaled, a step whose
    /// gradients overflow is skipped, and the scale adapts. On CPUs slower than Float32.
    /// </summary>
    Float16,
}
