using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.Explanation.Pixels;

/// <summary>The gradient at the image.</summary>
internal sealed class SaliencyAttribution(AttributionSetting setting) : PixelAttribution(setting)
{
    public override float[] Attribute(ReadOnlyMemory<float> pixels, ReadOnlySpan<int> chosen, long firstRow) =>
        Sum(
            chosen,
            samples: 1,
            (row, _, point) => pixels.Slice(row * Length, Length).CopyTo(point),
            (_, gradients, sum) => gradients.CopyTo(sum)
        );

    protected override void Add(ref float pixel, float contribution) => pixel = Math.Max(pixel, Math.Abs(contribution));
}
