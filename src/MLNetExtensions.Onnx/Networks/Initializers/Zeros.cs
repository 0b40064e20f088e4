namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>All 0.</summary>
public sealed record Zeros : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => new float[Count(shape)];
}
