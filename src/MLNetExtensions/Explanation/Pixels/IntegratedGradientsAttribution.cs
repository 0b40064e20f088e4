using System.Numerics.Tensors;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Pixels;

/// <summary>The gradients on the way from a baseline to the image.</summary>
internal sealed class IntegratedGradientsAttribution(AttributionSetting setting, int steps, float baseline) : PixelAttribution(setting)
{
    private readonly (double Place, double Weight)[] _points = GaussLegendre.Points(steps);

    public override float[] Attribute(ReadOnlyMemory<float> pixels, ReadOnlySpan<int> chosen, long firstRow)
    {
        float[] sums = Sum(
            chosen,
            steps,
            (row, step, point) =>
            {
                ReadOnlySpan<float> image = pixels.Span.Slice(row * Length, Length);
                Span<float> values = point.Span;
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(baseline + (_points[step].Place * (image[i] - baseline)));
            },
            (step, gradients, sum) => TensorPrimitives.MultiplyAdd(gradients.Span, (float)_points[step].Weight, sum.Span, sum.Span)
        );
        ReadOnlySpan<float> images = pixels.Span;
        for (int i = 0; i < sums.Length; i++)
            sums[i] *= images[i] - baseline;
        return sums;
    }

    protected override void Add(ref float pixel, float contribution) => pixel += contribution;
}
