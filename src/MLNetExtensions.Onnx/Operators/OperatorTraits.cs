namespace MLNetExtensions.Onnx.Operators;

/// <summary>Facts of an operator that hold or do not.</summary>
[Flags]
internal enum OperatorTraits
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>It does in 16-bit floats what it does in 32: all its float inputs and outputs change type.</summary>
    Float16 = 1,

    /// <summary>
    /// A node may leave out some of its outputs. Others have a number of outputs that is the operator's (TopK) or means something (the
    /// parts of a Split).
    /// </summary>
    OptionalOutputs = 2,

    /// <summary>It may stand between a classifier and the output of a network.</summary>
    BehindClassifier = 4,

    /// <summary>It has weights, as the last one of them is a network's classifier.</summary>
    Classifier = 8,

    /// <summary>Its output may be far larger than its inputs.</summary>
    Growing = 16,

    /// <summary>It means the same in every opset, as far as labels go.</summary>
    Unchanging = 32,

    /// <summary>Its axis, where none is given, is the last one from opset 13 on.</summary>
    LastAxisSince13 = 64,
}
