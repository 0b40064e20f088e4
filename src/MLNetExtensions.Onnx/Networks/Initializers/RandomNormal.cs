namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Normal with mean 0.</summary>
/// <param name="StandardDeviation">The standard deviation.</param>
public sealed record RandomNormal(double StandardDeviation) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => FillNormal(shape, StandardDeviation, random);
}
