using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Perturbations;
using MLNetExtensions.Explanation.Superpixels;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Methods that hide parts of an image.</summary>
public class PerturbationTests
{
    private static readonly (int X, int Y) Red = (4, 18),
        Blue = (20, 6);

    public static TheoryData<ExplanationMethod> Methods =>
        [
            new GradCam(),
            new GradCamPlusPlus(),
            new LayerCam(),
            new HiResCam(),
            new IntegratedGradients(),
            new Occlusion { Window = 8, Stride = 2 },
            new Rise(),
            new Lime { Fill = 127.5f },
            new KernelShap { Fill = 127.5f },
        ];

    [Fact]
    public void Occlusion_is_the_golden_one()
    {
        using var occlusion = new OcclusionAttribution(TinyCnn.Setting(), window: 4, stride: 2, fill: 0);

        TinyCnn.AssertClose(TinyCnn.Expected("occlusion", "drops"), occlusion.Drops(TinyCnn.Image, TinyCnn.Target));
        TinyCnn.AssertClose(
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
        );
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_class_is_found_where_it_is(ExplanationMethod method)
    {
        float[] image = PatchNetwork.Image(Red, Blue);
        using IAttribution attribution = method.Open(PatchNetwork.Setting());
        attribution.Score(image, 1, new float[2]);

        Assert.True(PatchNetwork.IsInside(Assert.Single(attribution.Explain(image, [0], 0)), Red));
        Assert.True(PatchNetwork.IsInside(Assert.Single(attribution.Explain(image, [1], 0)), Blue));
    }

    /// <summary>Over superpixels, the values sum to what hiding all of them takes from the score.</summary>
    [Fact]
    public void Kernel_shap_shares_out_the_score()
    {
        float[] image = PatchNetwork.Image(Red, Blue),
            hidden = new float[image.Length];
        int[] parts = Slic.Divide(image, PatchNetwork.Side, PatchNetwork.Side, 9, 10, out int count);
        for (int i = 0; i < image.Length; i++)
            hidden[i] = Enumerable
                .Range(0, parts.Length)
                .Where(place => parts[place] == parts[i % parts.Length])
                .Average(place => image[(i / parts.Length * parts.Length) + place]);
        float[] logits = new float[4];
        using IAttribution few = new KernelShap { Segments = 9 }.Open(PatchNetwork.Setting());
        few.Score(image.Concat(hidden).ToArray(), 2, logits);

        float[] values = Assert.Single(few.Explain(image, [0], 0)).Values;

        Assert.InRange(count, 7, 11);
        Assert.Equal(logits[0] - logits[2], Enumerable.Range(0, count).Sum(part => values[Array.IndexOf(parts, part)]), 1e-3f);
    }

    [Theory]
    [InlineData("Rise")]
    [InlineData("Lime")]
    [InlineData("KernelShap")]
    public void Draws_follow_from_the_seed_and_the_row(string name)
    {
        ExplanationMethod method = name switch
        {
            "Rise" => new Rise { Samples = 50 },
            "Lime" => new Lime { Samples = 50 },
            _ => new KernelShap { Samples = 150 },
        };
        float[] image = PatchNetwork.Image(Red, Blue);
        using IAttribution first = method.Open(PatchNetwork.Setting());
        using IAttribution second = method.Open(PatchNetwork.Setting() with { BatchSize = 7 });
        using IAttribution other = method.Open(PatchNetwork.Setting() with { Seed = 2 });

        float[] values = Assert.Single(first.Explain(image, [0], 5)).Values;

        TinyCnn.AssertClose(values, Assert.Single(second.Explain(image, [0], 5)).Values);
        Assert.NotEqual(values, Assert.Single(other.Explain(image, [0], 5)).Values);
        Assert.NotEqual(values, Assert.Single(first.Explain(image, [0], 6)).Values);
    }
}
