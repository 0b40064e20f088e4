namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Uniform within sqrt(6 / fan) (arXiv 1502.01852), for ReLU: Keras's HeUniform.</summary>
/// <param name="Mode">The fan to use.</param>
public sealed record KaimingUniform(FanMode Mode = FanMode.In) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        FillUniform(shape, Math.Sqrt(6 / (Mode == FanMode.In ? fan.In : fan.Out)), random);
}
