using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Perturbations;

namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>Hides superpixels: in their place is their mean color, or a fixed value. The kinds differ in which, and in what follows.</summary>
internal abstract class SuperpixelAttribution(AttributionSetting setting, int segments, float compactness, float? fill)
    : PerturbationAttribution(setting)
{
    protected override float[] Explain(ReadOnlyMemory<float> image, int chosen, long row)
    {
        int[] parts = Slic.Divide(image.Span, Width, Height, segments, compactness, out int count);
        float[] means = Means(image.Span, parts, count);
        double[] values = Weigh(
            count,
            row,
            shown =>
            {
                float[] scores = ScoreCopies(image, chosen, shown.Count, (copy, pixels) => Hide(pixels.Span, parts, shown[copy], means));
                return [.. scores.Select(score => (double)score)];
            }
        );
        return [.. parts.Select(part => (float)values[part])];
    }

    /// <summary>The value of each superpixel.</summary>
    /// <param name="count">The number of superpixels.</param>
    /// <param name="row">The image's number among all.</param>
    /// <param name="score">Scores copies of which only some superpixels are shown.</param>
    protected abstract double[] Weigh(int count, long row, Func<IReadOnlyList<bool[]>, double[]> score);

    private float[] Means(ReadOnlySpan<float> image, int[] parts, int count)
    {
        var sums = new double[Channels * count];
        var sizes = new int[count];
        for (int i = 0; i < parts.Length; i++)
        {
            sizes[parts[i]]++;
            for (int channel = 0; channel < Channels; channel++)
                sums[(channel * count) + parts[i]] += image[(channel * parts.Length) + i];
        }
        return [.. sums.Select((sum, i) => fill ?? (float)(sum / sizes[i % count]))];
    }

    private void Hide(Span<float> pixels, int[] parts, bool[] shown, float[] means)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            Span<float> plane = pixels.Slice(channel * parts.Length, parts.Length);
            for (int i = 0; i < plane.Length; i++)
                if (!shown[parts[i]])
                    plane[i] = means[(channel * shown.Length) + parts[i]];
        }
    }
}
