namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Uniform from -Bound to Bound.</summary>
/// <param name="Bound">The bound.</param>
public sealed record Uniform(double Bound) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => FillUniform(shape, Bound, random);
}
