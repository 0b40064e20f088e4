namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>Normal with mean 0; draws beyond two standard deviations are drawn again, like Keras's TruncatedNormal.</summary>
/// <param name="StandardDeviation">The standard deviation before the cut; transformers use 0.02.</param>
public sealed record TruncatedNormal(double StandardDeviation = 0.02) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random) =>
        Fill(
            shape,
            () =>
            {
                double value;
                do value = Normal(random);
                while (Math.Abs(value) > 2);
                return value * StandardDeviation;
            }
        );
}
