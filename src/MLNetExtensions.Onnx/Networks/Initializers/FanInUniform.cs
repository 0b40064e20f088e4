namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Uniform within 1 / sqrt(fan in): the default of torch.nn's Conv and Linear, weights and biases.</summary>
public sealed record FanInUniform : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) => FillUniform(shape, 1 / Math.Sqrt(fan.In), random);
}
