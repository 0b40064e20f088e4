using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

public class ReadyNetworkTests
{
    /// <summary>The published number of parameters, and where it is published.</summary>
    public static TheoryData<Network, int, int, int, long> Published =>
        new()
        {
            // TensorFlow's CNN tutorial prints it.
            { new SeedCnn(), 10, 3, 32, 122_570 },
            // Dive into Deep Learning's and Keras ports' LeNet-5 on gray images; PyTorch's CIFAR-10 tutorial network on color ones.
            { new LeNet5(), 10, 1, 28, 61_706 },
            {
                new LeNet5 { Classic = false },
                10,
                3,
                32,
                62_006
            },
            // kuangliu/pytorch-cifar: VGG16 14,728,266; chengyangfu/pytorch-vgg-cifar10's VGG-11 features with one dense layer.
            { new Vgg(16), 10, 3, 32, 14_728_266 },
            { new Vgg(11), 10, 3, 32, 9_231_114 },
            // torchvision's documentation.
            { new ResNet(18), 1000, 3, 224, 11_689_512 },
            { new ResNet(34), 1000, 3, 224, 21_797_672 },
            { new ResNet(50), 1000, 3, 224, 25_557_032 },
            { new MobileNetV2(), 1000, 3, 224, 3_504_872 },
            // kuangliu/pytorch-cifar.
            { new ResNet(18), 10, 3, 32, 11_173_962 },
            { new ResNet(34), 10, 3, 32, 21_282_122 },
            { new ResNet(50), 10, 3, 32, 23_520_842 },
            // David Page, "How to train your ResNet 4": 6,573,120.
            { new ResNet9(), 10, 3, 32, 6_573_120 },
            // torch.nn.LSTM(96, 128) has 4 * 128 * (96 + 128 + 2) parameters.
            { new RowLstm(), 10, 3, 32, 115_712 + 1_290 },
        };

    [Theory]
    [MemberData(nameof(Published))]
    public void Parameter_counts_are_the_published_ones(Network network, int outputs, int channels, int size, long parameters)
    {
        OnnxGraph graph = network.Build(outputs, channels, size, size);
        Assert.Equal(parameters, ParameterAnalysis.FindParameters(graph).Sum(t => t.Count));
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("convnext_tiny")]
    [InlineData("vit_tiny")]
    public void Parameter_counts_are_those_of_the_golden_files(string name)
    {
        using var record = new Npz(GoldenFiles.PathOf("architectures", name + ".npz"));
        Network network = name switch
        {
            "resnet18" => new ResNet(18),
            "convnext_tiny" => ConvNeXt.Tiny,
            _ => new VisionTransformer(),
        };
        OnnxGraph graph = network.Build(1000, 3, 224, 224);
        Assert.Equal(record.Integers("param_count")[0], ParameterAnalysis.FindParameters(graph).Sum(t => t.Count));
    }

    [Fact]
    public void The_row_lstm_is_the_golden_one()
    {
        using var record = new Npz(GoldenFiles.PathOf("training", "row_lstm.npz"));
        long recorded = record.Names.Where(n => n.StartsWith("final/", StringComparison.Ordinal)).Sum(n => record.Singles(n).LongLength);
        Assert.Equal(recorded, ParameterAnalysis.FindParameters(new RowLstm(24).Build(10)).Sum(t => t.Count));
    }

    public static TheoryData<Network, int> Small =>
        new()
        {
            { new SeedCnn(), 32 },
            { new LeNet5(), 28 },
            { new Vgg(11), 32 },
            { new ResNet(18), 32 },
            {
                new ResNet(50) { Stem = ResNetStem.ImageNet },
                64
            },
            {
                new ResNet9 { Width = 16 },
                32
            },
            { new MobileNetV2(0.5f), 32 },
            {
                new ConvNeXt { StochasticDepth = 0.1f },
                32
            },
            {
                new VisionTransformer
                {
                    Blocks = 2,
                    Dropout = 0.1f,
                    StochasticDepth = 0.1f,
                },
                32
            },
            {
                new RowLstm(32) { Layers = 2, Bidirectional = true },
                32
            },
        };

    [Theory]
    [MemberData(nameof(Small))]
    public void Onnx_runtime_runs_them(Network network, int size)
    {
        OnnxGraph graph = network.Build(10, 3, size, size, seed: 1);
        OnnxTensor input = DrawnTensor.Normal("input", 1, 2, 3, size, size);
        OnnxTensor logits = Assert.Single(OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["input"] = input }));
        Assert.Equal([2, 10], logits.Shape);
        Assert.All(logits.ToFloats(), v => Assert.InRange(Math.Abs(v), 0, 100));
    }

    [Fact]
    public void Resnet_has_torchvisions_parameter_names()
    {
        OnnxGraph graph = new ResNet(18).Build(1000, 3, 224, 224);
        Assert.Equal(
            ["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "layer1.0.conv1.weight"],
            graph.Initializers.Keys.Take(6)
        );
        Assert.Contains("layer2.0.downsample.1.running_var", graph.Initializers.Keys);
        Assert.Equal(["fc.weight", "fc.bias"], graph.Initializers.Keys.TakeLast(2));
    }

    [Fact]
    public void Images_that_are_too_small_are_refused()
    {
        LayerException error = Assert.Throws<LayerException>(() => new SeedCnn().Build(10, 3, 12, 12));
        Assert.Contains("Layer 'conv2d_2' (Conv2D) got the input [batch, 64, 1, 1]", error.Message);
    }
}
