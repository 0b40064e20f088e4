namespace MLNetExtensions.UnseenModels;

/// <summary>Where exporters put weights.</summary>
internal enum WeightStyle
{
    /// <summary>Initializers.</summary>
    Initializer,

    /// <summary>Constant nodes (PaddlePaddle).</summary>
    ConstantNode,

    /// <summary>Initializers behind Identity (TorchScript, for shared weights).</summary>
    Identity,

    /// <summary>Initializers behind Transpose (TorchScript without constant folding).</summary>
    Transposed,

    /// <summary>Initializers of 64 bits behind Cast.</summary>
    Double,

    /// <summary>Initializers of 16 bits behind Cast (weights stored small).</summary>
    Half,

    /// <summary>8-bit whole numbers behind DequantizeLinear, one scale for each channel (weight-only quantization).</summary>
    Dequantized,

    /// <summary>Sparse initializers.</summary>
    Sparse,

    /// <summary>A file beside the model's.</summary>
    External,
}
