using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Grad-CAM and its relatives against golden values.</summary>
public class ActivationTests
{
    [Theory]
    [InlineData("gradcam", "relu")]
    [InlineData("gradcam_second_head", "relu")]
    [InlineData("gradcam", "plusplus")]
    [InlineData("gradcam_second_head", "plusplus")]
    [InlineData("gradcam", "hires")]
    [InlineData("gradcam_second_head", "hires")]
    public void Maps_are_the_golden_ones(string head, string map)
    {
        ExplanationMethod method = map switch
        {
            "relu" => new GradCam(),
            "plusplus" => new GradCamPlusPlus(),
            _ => new HiResCam(),
        };

        AttributionMap found = TinyCnn.Explain(method, second: head != "gradcam");

        Assert.Equal((6, 6, true), (found.Width, found.Height, found.IsOfLayer));
        TinyCnn.AssertClose(TinyCnn.Expected(head, map), found.Values);
    }

    /// <summary>LayerCAM follows from golden activations and gradients: sum over channels of max(gradient, 0) times activation.</summary>
    [Fact]
    public void Layer_cam_weighs_places_by_their_positive_gradients()
    {
        TinyCnn.AssertClose(GoldenMethods.LayerCam(), TinyCnn.Explain(new LayerCam(), second: true).Values);
    }

    /// <summary>Behind global average pooling and a linear layer, Grad-CAM is CAM: the class's weights, over the number of places.</summary>
    [Fact]
    public void Grad_cam_of_a_pooled_head_is_cam()
    {
        float[] activations = TinyCnn.Expected("gradcam", "activations"),
            weights = TinyCnn.Expected("weights", "fc_w");
        float[] cam =
        [
            .. Enumerable
                .Range(0, 36)
                .Select(place =>
                    Math.Max(Enumerable.Range(0, 6).Sum(c => weights[(TinyCnn.Target * 6) + c] * activations[(c * 36) + place]), 0) / 36
                ),
        ];

        TinyCnn.AssertClose(cam, TinyCnn.Explain(new GradCam()).Values);
    }

    /// <summary>The gradient at an earlier layer flows through the rest; HiResCAM there sums to what the logit follows from.</summary>
    [Fact]
    public void Another_layer_is_taken_by_name()
    {
        AttributionMap found = TinyCnn.Explain(new LayerCam { Layer = "a1" });

        Assert.Equal((12, 12), (found.Width, found.Height));
        Assert.Contains(found.Values, value => value > 0);
    }

    [Fact]
    public void An_unknown_layer_lists_those_that_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => new GradCam { Layer = "conv9" }.Open(TinyCnn.Setting()));

        Assert.Contains("has no layer 'conv9'", error.Message);
        Assert.Contains("'a2', 'c2', 'a1', 'c1'", error.Message);
    }

    [Fact]
    public void Rows_of_a_batch_are_explained_by_themselves()
    {
        using IAttribution attribution = new GradCam().Open(TinyCnn.Setting());
        float[] other = [.. TinyCnn.Image.Reverse()];
        float[] images = [.. other, .. TinyCnn.Image, .. other];
        attribution.Score(images, 3, new float[15]);

        AttributionMap[] maps = attribution.Explain(images, [0, TinyCnn.Target, 2], 0);

        TinyCnn.AssertClose(TinyCnn.Expected("gradcam", "relu"), maps[1].Values);
    }
}
