namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>An output of a kernel.</summary>
/// <param name="Value">The value.</param>
/// <param name="ChannelsLast">True if its channels are last, for three or more dimensions.</param>
internal readonly record struct OpResult(Symbol Value, bool ChannelsLast = false)
{
    public static implicit operator OpResult(Symbol value) => new(value);
}
