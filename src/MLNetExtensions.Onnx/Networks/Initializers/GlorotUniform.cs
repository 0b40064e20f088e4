namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Uniform within sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010): Keras's default.</summary>
public sealed record GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        FillUniform(shape, Math.Sqrt(6 / (fan.In + fan.Out)), random);
}
