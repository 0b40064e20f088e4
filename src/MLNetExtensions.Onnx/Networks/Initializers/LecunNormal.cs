namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Normal with variance 1 / fan in (LeCun et al. 1998), for SELU.</summary>
public sealed record LecunNormal : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        new RandomNormal(Math.Sqrt(1 / fan.In)).Draw(shape, fan, random);
}
