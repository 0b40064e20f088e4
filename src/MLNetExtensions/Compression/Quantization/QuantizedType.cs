namespace MLNetExtensions.Compression.Quantization;

/// <summary>The 8-bit types of activations and weights.</summary>
public enum QuantizedType
{
    /// <summary>0 to 255 with a zero point, which processors multiply with signed weights. The fastest in ONNX Runtime.</summary>
    UInt8,

    /// <summary>-128 to 127 with a zero point. For activations slower than floats in ONNX Runtime on x64.</summary>
    Int8,

    /// <summary>-127 to 127, zero at 0: some accelerators require it. Half of the steps are lost if values are never negative.</summary>
    SymmetricInt8,
}
