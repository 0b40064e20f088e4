namespace MLNetExtensions.Onnx.Networks.Initializers;

/// <summary>
/// Initializes a convolution that passes the first channels through: 1 at the kernel's center from input i to output i, the rest by another
/// initializer, or 0 (torch.nn.init.dirac_; with a partly random rest, arXiv 2404.00498).
/// </summary>
/// <param name="Rest">Draws the outputs beyond the number of inputs; null makes them 0.</param>
public sealed record Dirac(Initializer? Rest = null) : Initializer
{
    /// <inheritdoc/>
    public override float[] Draw(IReadOnlyList<int> shape, Fan fan, Random random)
    {
        if (shape.Count != 4)
            throw new ArgumentException(
                $"Dirac draws convolutions, [outputs, inputs, height, width]; got [{string.Join(", ", shape)}].",
                nameof(shape)
            );
        int area = shape[2] * shape[3],
            center = shape[2] / 2 * shape[3] + shape[3] / 2,
            size = shape[1] * area;
        float[] values = Rest?.Draw(shape, fan, random) ?? new float[Count(shape)];
        for (int output = 0; output < Math.Min(shape[0], shape[1]); output++)
        {
            values.AsSpan(output * size, size).Clear();
            values[output * size + output * area + center] = 1;
        }
        return values;
    }
}
