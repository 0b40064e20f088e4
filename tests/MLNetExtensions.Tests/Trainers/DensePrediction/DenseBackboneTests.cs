using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Trainers.DensePrediction;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.DensePrediction;

public class DenseBackboneTests
{
    private static readonly ImagePreprocessing s_preprocessing = new()
    {
        Width = 96,
        Height = 64,
        CropFraction = 1,
        ResizeMode = ImageResizeMode.Pad,
    };

    [Fact]
    public void A_network_is_cut_at_its_strides()
    {
        var backbone = new DenseBackbone(MobileNet(), s_preprocessing, [8, 16, 32]);
        Assert.Equal([(8, 12, 8), (4, 6, 16), (2, 3, 32)], backbone.Maps.Select(map => (map.Height, map.Width, map.Stride)));
        Assert.Contains(backbone.Parameters, name => name.EndsWith("weight", StringComparison.Ordinal));
    }

    [Fact]
    public void ONNX_Runtime_runs_it_with_a_head()
    {
        var backbone = new DenseBackbone(MobileNet(), s_preprocessing, [8, 16, 32]);
        var detector = new DetectionGraph(backbone.Maps, new DetectionHead(2, 8, 1), seed: 1);
        OnnxGraph network = backbone.With(detector.ToDeploy());

        var pixels = new OnnxRuntimeRun.Floats([2, 3, 64, 96], new float[2 * 3 * 64 * 96]);
        float[] output = OnnxRuntimeRun
            .Run(network, new Dictionary<string, OnnxRuntimeRun.Floats> { [network.Inputs[0].Name] = pixels })[network.Outputs[0].Name]
            .Values;

        Assert.Equal(2 * 6 * detector.Anchors, output.Length);
        Assert.All(output, value => Assert.True(float.IsFinite(value)));
        Assert.NotEmpty(DenseBackbone.HeadParameters(network, DetectionHead.Scope));
    }

    private static Backbone MobileNet() =>
        Backbone.FromGraph(
            new MobileNetV2().Build(10, height: 224, width: 224, seed: 1),
            new ImagePreprocessing { Width = 224, Height = 224 },
            "mobilenet"
        );
}
