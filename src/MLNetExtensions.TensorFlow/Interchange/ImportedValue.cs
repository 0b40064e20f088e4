using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>A TensorFlow value in the ONNX graph that is being made.</summary>
/// <param name="Name">Its name in ONNX.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes in TensorFlow's order, -1 if one is open.</param>
internal sealed record ImportedValue(string Name, OnnxElementType Type, long[] Shape)
{
    /// <summary>A number that only a run tells, in <see cref="Ints"/>: the size of an open dimension.</summary>
    public const long Unknown = long.MinValue;

    /// <summary>A number that a run computes from such.</summary>
    public const long Computed = long.MinValue + 1;

    /// <summary>True if a TensorFlow NHWC image is held as NCHW in ONNX. Only for four dimensions.</summary>
    public bool ChannelsFirst { get; init; }

    /// <summary>The constant, in TensorFlow's order; an initializer is made of it where a node reads it.</summary>
    public OnnxTensor? Constant { get; init; }

    /// <summary>The numbers of a small integer list, as far as known: shapes are computed with them.</summary>
    public long[]? Ints { get; init; }

    /// <summary>For a resource variable: the node that makes it.</summary>
    public string? Variable { get; init; }

    /// <summary>True if the number is known only at run time.</summary>
    public static bool IsOpen(long number) => number is Unknown or Computed;

    public int Rank => Shape.Length;
}
