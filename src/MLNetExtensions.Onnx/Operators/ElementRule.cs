namespace MLNetExtensions.Onnx.Operators;

/// <summary>The inputs that each element of an operator's output is computed from.</summary>
internal enum ElementRule
{
    /// <summary>More than the elements at its place: the operator is not elementwise.</summary>
    Mixed,

    /// <summary>The element at its place in the first input; other inputs are settings.</summary>
    Alone,

    /// <summary>The elements at its place in all inputs, which are broadcast to each other.</summary>
    Together,
}
