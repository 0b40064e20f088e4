using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

public class CifarNetTests
{
    [Fact]
    public void Has_airbenchs_parameters()
    {
        // arXiv 2404.00498: 1.97 million; of them 24 x 3 x 2 x 2 whitening weights stay fixed.
        OnnxGraph graph = new CifarNet { Widths = [64, 256, 256], Whitening = PatchWhitening.Of(Images(4), 3, 32, 32) }.Build(10);
        Assert.Equal(1_971_640 - 288, ParameterAnalysis.FindParameters(graph).Sum(t => t.Count));
        Assert.DoesNotContain(ParameterAnalysis.FindParameters(graph), t => t.Name is "whiten.weight" or "stage1.norm1.weight");
        Assert.Contains("whiten.weight", graph.Initializers.Keys);
    }

    [Fact]
    public void What_is_fixed_stays_so_in_a_file()
    {
        using var file = new MemoryStream();
        OnnxGraph graph = new Sequential(
            new Conv2D(4, 3) { FixedKernel = true, Name = "fixed" },
            new BatchNorm { FixedScale = true, Name = "norm" }
        ).Build(3, 8, 8);
        graph.Save(file);
        file.Position = 0;
        Assert.Equal(["fixed.bias", "norm.bias"], ParameterAnalysis.FindParameters(OnnxGraph.Load(file)).Select(t => t.Name));
    }

    [Fact]
    public void Whitened_patches_have_equal_variance_in_all_directions()
    {
        const int images = 60,
            values = 12;
        float[] pixels = Images(images);
        var whitening = PatchWhitening.Of(pixels, 3, 32, 32, epsilon: 0);
        OnnxGraph graph = new Conv2D(2 * values, 2) { UseBias = false, KernelInitializer = whitening }.Build(3, 32, 32);
        float[] white = OrtRunner
            .Run(graph, new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.FromFloats("input", [images, 3, 32, 32], pixels) })[0]
            .ToFloats();

        const int area = 31 * 31;
        for (int a = 0; a < values; a++)
        for (int b = 0; b <= a; b++)
            Assert.Equal(a == b ? 1 : 0, Product(a, b), 2e-3);
        Assert.Equal(-1, Product(0, values), 2e-3);

        double Product(int a, int b)
        {
            double sum = 0;
            for (int image = 0; image < images; image++)
            for (int i = 0; i < area; i++)
                sum += (double)white[(image * 2 * values + a) * area + i] * white[(image * 2 * values + b) * area + i];
            return sum / (images * area);
        }
    }

    [Fact]
    public void Whitening_of_other_images_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PatchWhitening.Of(new float[100], 3, 32, 32));
        Assert.Throws<ArgumentException>(() => new CifarNet { Whitening = PatchWhitening.Of(Images(1), 3, 32, 32) }.Build(10, channels: 1));
    }

    /// <summary>Smooth random images: neighboring pixels and channels are alike, as in photos.</summary>
    private static float[] Images(int count)
    {
        float[] noise = DrawnTensor.Normal("noise", 3, count, 3, 32, 32).ToFloats();
        for (int i = 1; i < noise.Length; i++)
            noise[i] = 0.8f * noise[i - 1] + 0.6f * noise[i];
        return noise;
    }
}
