using System.Numerics.Tensors;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Pixels;

/// <summary>The mean gradient at noisy copies of the image.</summary>
internal sealed class SmoothGradAttribution(AttributionSetting setting, int samples, float noise, bool squares) : PixelAttribution(setting)
{
    public override float[] Attribute(ReadOnlyMemory<float> pixels, ReadOnlySpan<int> chosen, long firstRow) =>
        Attribute(
            pixels,
            chosen,
            (row, sample, point) =>
            {
                Span<float> values = point.Span;
                float deviation = noise * (TensorPrimitives.Max<float>(values) - TensorPrimitives.Min<float>(values));
                var random = new Random(Draws.Seed(Seed, firstRow + row, sample));
                for (int i = 0; i < values.Length; i++)
                    values[i] += deviation * Draws.Normal(random);
            }
        );

    /// <summary>The same with noise of the caller's.</summary>
    /// <param name="pixels">The images.</param>
    /// <param name="chosen">The output of each.</param>
    /// <param name="disturb">Adds a sample's noise to an image: image, sample, values.</param>
    public float[] Attribute(ReadOnlyMemory<float> pixels, ReadOnlySpan<int> chosen, Action<int, int, Memory<float>> disturb)
    {
        float[] sums = Sum(
            chosen,
            samples,
            (row, sample, point) =>
            {
                pixels.Slice(row * Length, Length).CopyTo(point);
                disturb(row, sample, point);
            },
            (_, gradients, sum) =>
            {
                if (squares)
                    TensorPrimitives.MultiplyAdd(gradients.Span, gradients.Span, sum.Span, sum.Span);
                else
                    TensorPrimitives.Add(gradients.Span, sum.Span, sum.Span);
            }
        );
        TensorPrimitives.Multiply(sums, 1f / samples, sums);
        return sums;
    }

    protected override void Add(ref float pixel, float contribution) => pixel = Math.Max(pixel, Math.Abs(contribution));
}
