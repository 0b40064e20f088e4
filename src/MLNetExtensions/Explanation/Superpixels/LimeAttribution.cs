using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;

namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>LIME on superpixels.</summary>
internal sealed class LimeAttribution(AttributionSetting setting, int samples, int segments, float compactness, float? fill)
    : SuperpixelAttribution(setting, segments, compactness, fill)
{
    protected override double[] Weigh(int count, long row, Func<IReadOnlyList<bool[]>, double[]> score)
    {
        var random = new Random(Draws.Seed(Seed, row));
        bool[][] shown = new bool[samples][];
        for (int sample = 0; sample < samples; sample++)
        {
            shown[sample] = new bool[count];
            // The first sample is the image itself.
            for (int part = 0; part < count; part++)
                shown[sample][part] = sample == 0 || random.Next(2) == 1;
        }
        return LimeFit.Of(shown, score(shown)).Coefficients;
    }
}
