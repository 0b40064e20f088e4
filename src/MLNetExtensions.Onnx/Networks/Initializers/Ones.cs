namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>All 1.</summary>
public sealed record Ones : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => Fill(shape, () => 1);
}
