using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Gradients with respect to pixels against golden values.</summary>
public class PixelTests
{
    [Fact]
    public void Saliency_is_the_gradient_of_the_logit()
    {
        using var saliency = new SaliencyAttribution(TinyCnn.Setting());

        TinyCnn.AssertClose(TinyCnn.Expected("saliency"), saliency.Attribute(TinyCnn.Image, [TinyCnn.Target], 0));
    }

    [Fact]
    public void Integrated_gradients_are_those_of_50_gauss_legendre_points()
    {
        using var integrated = new IntegratedGradientsAttribution(TinyCnn.Setting(), 50, baseline: 0);

        float[] found = integrated.Attribute(TinyCnn.Image, [TinyCnn.Target], 0);

        TinyCnn.AssertClose(TinyCnn.Expected("integrated_gradients", "gausslegendre_50"), found);
        double difference = TinyCnn.Golden.GetProperty("integrated_gradients").GetProperty("score_difference").GetDouble();
        Assert.Equal(difference, found.Sum(), 0.01 * difference);
    }

    [Theory]
    [InlineData(false, "mean")]
    [InlineData(true, "mean_of_squares")]
    public void Smooth_grad_is_the_mean_over_the_noises(bool squared, string expected)
    {
        float[] noise = TinyCnn.Expected("smoothgrad", "noise");
        using var smooth = new SmoothGradAttribution(TinyCnn.Setting(), samples: 4, noise: 0, squared);

        float[] found = smooth.Attribute(
            TinyCnn.Image,
            [TinyCnn.Target],
            (_, sample, point) =>
            {
                for (int i = 0; i < point.Length; i++)
                    point.Span[i] += noise[(sample * point.Length) + i];
            }
        );

        TinyCnn.AssertClose(TinyCnn.Expected("smoothgrad", expected), found);
    }

    /// <summary>Draws follow from the seed and the image's number, not from how images are batched.</summary>
    [Fact]
    public void Smooth_grad_does_not_depend_on_batches()
    {
        float[] images = [.. TinyCnn.Image, .. TinyCnn.Image.Reverse()];
        float[] together,
            alone;
        using (var smooth = new SmoothGradAttribution(TinyCnn.Setting(batch: 4), samples: 3, noise: 0.2f, squares: false))
            together = smooth.Attribute(images, [1, 2], 0);
        using (var smooth = new SmoothGradAttribution(TinyCnn.Setting(batch: 1), samples: 3, noise: 0.2f, squares: false))
            alone = smooth.Attribute(images.AsMemory(432), [2], 1);

        TinyCnn.AssertClose(together[432..], alone);
    }

    [Fact]
    public void A_pixel_s_saliency_is_the_largest_of_its_channels()
    {
        float[] gradients = TinyCnn.Expected("saliency");
        AttributionMap map = TinyCnn.Explain(new Saliency());

        TinyCnn.AssertClose(
            [.. Enumerable.Range(0, 144).Select(i => Enumerable.Range(0, 3).Max(c => Math.Abs(gradients[(c * 144) + i])))],
            map.Values
        );
        Assert.False(map.IsOfLayer);
    }
}
