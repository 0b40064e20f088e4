namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Sets all values to the same number.</summary>
/// <param name="Value">The value.</param>
public sealed record Constant(float Value) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => Fill(shape, () => Value);
}
