namespace MLNetExtensions.Onnx.Operators;

/// <summary>The part of an operator in a model quantized to INT8.</summary>
internal enum Int8Rule
{
    /// <summary>It computes in floats.</summary>
    Float,

    /// <summary>It multiplies 8-bit values with 8-bit weights: a layer.</summary>
    Weighted,

    /// <summary>It computes 8-bit values from 8-bit values, each with a scale of its own.</summary>
    Computed,

    /// <summary>It moves 8-bit values of its first input, whatever they stand for.</summary>
    Moved,

    /// <summary>It moves 8-bit values, where it pads with zeros.</summary>
    Padded,

    /// <summary>It becomes the limits of the 8-bit values of the node in front of it.</summary>
    Activation,
}
