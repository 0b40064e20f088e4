using System.Text.Json;
using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Pixels;
using MLNetExtensions.Explanation.Superpixels;
using MLNetExtensions.TestData;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>What each method computes beside the golden values, for the figure <c>explain-golden</c>.</summary>
internal static class GoldenMethods
{
    /// <summary>The methods that have golden values, by name.</summary>
    public static IReadOnlyDictionary<string, Func<(double[] Expected, double[] Found)>> All { get; } =
        new Dictionary<string, Func<(double[], double[])>>
        {
            ["GradCam"] = () => Pair(TinyCnn.Expected("gradcam_second_head", "relu"), TinyCnn.Explain(new GradCam(), true).Values),
            ["GradCamPlusPlus"] = () =>
                Pair(TinyCnn.Expected("gradcam_second_head", "plusplus"), TinyCnn.Explain(new GradCamPlusPlus(), true).Values),
            ["HiResCam"] = () => Pair(TinyCnn.Expected("gradcam_second_head", "hires"), TinyCnn.Explain(new HiResCam(), true).Values),
            ["LayerCam"] = () => Pair(LayerCam(), TinyCnn.Explain(new LayerCam(), true).Values),
            ["Saliency"] = () =>
            {
                using var saliency = new SaliencyAttribution(TinyCnn.Setting());
                return Pair(TinyCnn.Expected("saliency"), saliency.Attribute(TinyCnn.Image, [TinyCnn.Target], 0));
            },
            ["IntegratedGradients"] = () =>
            {
                using var integrated = new IntegratedGradientsAttribution(TinyCnn.Setting(), 50, baseline: 0);
                return Pair(
                    TinyCnn.Expected("integrated_gradients", "gausslegendre_50"),
                    integrated.Attribute(TinyCnn.Image, [TinyCnn.Target], 0)
                );
            },
            ["SmoothGrad"] = SmoothGrad,
            ["Occlusion"] = () =>
                Pair(
                    TinyCnn.Expected("occlusion", "mean_per_pixel"),
                    TinyCnn
                        .Explain(
                            new Occlusion
                            {
                                Window = 4,
                                Stride = 2,
                                Fill = 0,
                            }
                        )
                        .Values
                ),
            ["Lime"] = Lime,
            ["KernelShap"] = KernelShap,
        };

    /// <summary>LayerCAM by its formula, of golden activations and gradients.</summary>
    public static float[] LayerCam()
    {
        float[] activations = TinyCnn.Expected("gradcam", "activations"),
            gradients = TinyCnn.Expected("gradcam_second_head", "gradients");
        return
        [
            .. Enumerable
                .Range(0, 36)
                .Select(place => Enumerable.Range(0, 6).Sum(c => Math.Max(gradients[(c * 36) + place], 0) * activations[(c * 36) + place])),
        ];
    }

    private static (double[], double[]) SmoothGrad()
    {
        float[] noise = TinyCnn.Expected("smoothgrad", "noise");
        using var smooth = new SmoothGradAttribution(TinyCnn.Setting(), samples: 4, noise: 0, squares: false);
        float[] found = smooth.Attribute(
            TinyCnn.Image,
            [TinyCnn.Target],
            (_, sample, point) =>
            {
                for (int i = 0; i < point.Length; i++)
                    point.Span[i] += noise[(sample * point.Length) + i];
            }
        );
        return Pair(TinyCnn.Expected("smoothgrad", "mean"), found);
    }

    private static (double[], double[]) Lime()
    {
        JsonElement lime = GoldenJson.Read("tuning", "shap_lime.json").GetProperty("lime");
        LimeFit fit = LimeFit.Of(Rows(lime.GetProperty("samples")), lime.GetProperty("predictions").Doubles());
        return (lime.GetProperty("coefficients").Doubles(), fit.Coefficients);
    }

    private static (double[], double[]) KernelShap()
    {
        JsonElement golden = GoldenJson.Read("tuning", "shap_lime.json");
        bool[][] all = Rows(golden.GetProperty("coalitions"));
        double[] values = golden.GetProperty("values").Doubles();
        var coalitions = new Coalitions(6, 62, new Random(1));
        return (
            golden.GetProperty("shapley").Doubles(),
            ShapleyFit.Of(
                coalitions.Members,
                coalitions.Weights,
                [.. coalitions.Members.Select(ValueOf)],
                ValueOf(new bool[6]),
                ValueOf([.. Enumerable.Repeat(true, 6)])
            )
        );

        double ValueOf(bool[] coalition) => values[Array.FindIndex(all, other => other.SequenceEqual(coalition))];
    }

    private static bool[][] Rows(JsonElement array) =>
        [.. array.Doubles().Chunk(6).Select(row => row.Select(value => value != 0).ToArray())];

    private static (double[], double[]) Pair(float[] expected, float[] found) =>
        ([.. expected.Select(value => (double)value)], [.. found.Select(value => (double)value)]);
}
