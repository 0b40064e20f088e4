using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;

namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>Kernel SHAP on superpixels.</summary>
internal sealed class KernelShapAttribution(AttributionSetting setting, int? samples, int segments, float compactness, float? fill)
    : SuperpixelAttribution(setting, segments, compactness, fill)
{
    protected override double[] Weigh(int count, long row, Func<IReadOnlyList<bool[]>, double[]> score)
    {
        var coalitions = new Coalitions(count, samples ?? (2 * count) + 2048, new Random(Draws.Seed(Seed, row)));
        bool[] none = new bool[count],
            all = [.. Enumerable.Repeat(true, count)];
        double[] scores = score([none, all, .. coalitions.Members]);
        return ShapleyFit.Of(coalitions.Members, coalitions.Weights, scores[2..], scores[0], scores[1]);
    }
}
