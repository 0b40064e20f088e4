namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Normal with variance 2 / (fan in + fan out) (Glorot and Bengio 2010), like torch.nn.init.xavier_normal_.</summary>
public sealed record GlorotNormal : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        new RandomNormal(Math.Sqrt(2 / (fan.In + fan.Out))).Draw(shape, fan, random);
}
