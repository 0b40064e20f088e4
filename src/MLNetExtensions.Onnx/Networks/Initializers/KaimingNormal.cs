namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>
/// Normal with variance 2 / fan (arXiv 1502.01852), for ReLU; <see cref="FanMode.Out"/> is what torchvision's ResNet and MobileNet use.
/// </summary>
/// <param name="Mode">The fan to use.</param>
public sealed record KaimingNormal(FanMode Mode = FanMode.In) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        new RandomNormal(Math.Sqrt(2 / (Mode == FanMode.In ? fan.In : fan.Out))).Draw(shape, fan, random);
}
