using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Lowering;

public class WholeModelTests
{
    public static TheoryData<string> Training =>
        [
            "seed_cnn",
            "resnet_tiny",
            "mobile_tiny",
            "dense_tiny",
            "tied",
            "convnext_tiny",
            "vit_tiny",
            "row_lstm",
            "row_lstm_bi",
            "row_gru",
            "row_rnn",
        ];

    [Theory]
    [MemberData(nameof(Training))]
    public void Golden_training_networks_compute_the_same_when_lowered(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(GoldenFiles.PathOf("training", name + ".onnx"));
        Check(graph, batch: 2);
    }

    [Theory]
    [MemberData(nameof(Training))]
    public void Golden_training_networks_have_the_parameters_PyTorch_gave_gradients_to(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(GoldenFiles.PathOf("training", name + ".onnx"));
        using var golden = new Npz(GoldenFiles.PathOf("training", name + ".npz"));
        Assert.Equal(
            golden.Names.Where(n => n.StartsWith("grad/", StringComparison.Ordinal)).Select(n => n["grad/".Length..]).Order(),
            ParameterAnalysis.FindParameters(graph).Select(t => t.Name).Order()
        );
        Assert.Equal(
            golden.Names.Where(n => n.Contains("running_")).Select(n => n["final/".Length..]).Order(),
            ParameterAnalysis.FindState(graph).Select(t => t.Name).Order()
        );
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn")]
    [InlineData("resnet20_cifar10_bn")]
    [InlineData("squeezenet1.1_224")]
    [InlineData("efficientnet_lite0_224_bn")]
    [InlineData("darknet_tiny_224_bn")]
    [InlineData("keras_export/keras_bn_depthwise")]
    public void Models_compute_the_same_when_lowered(string name) =>
        Check(OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx")), batch: 2);

    // These files fix batch 1 in their Reshape nodes.
    [NeedsBackbones]
    [Theory]
    [InlineData("light_zfnet512")]
    [InlineData("light_squeezenet")]
    [InlineData("light_resnet50")]
    [InlineData("light_shufflenet")]
    [InlineData("light_bvlc_alexnet")]
    [InlineData("light_inception_v1")]
    [InlineData("light_inception_v2")]
    [InlineData("light_densenet121")]
    [InlineData("light_vgg19")]
    public void Structure_only_models_compute_the_same_when_lowered(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "structure_only", name + ".onnx"));
        Check(graph, batch: 1);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("efficientnet_b0")]
    [InlineData("convnext_tiny")]
    [InlineData("vit_tiny")]
    public void Architectures_compute_the_same_when_lowered_and_have_all_their_parameters(string name)
    {
        OnnxGraph graph = GoldenNetworks.Load(name);
        Check(graph, batch: 2);
        using var record = new Npz(GoldenFiles.PathOf("architectures", name + ".npz"));
        double expected = record.Integers("param_count")[0];
        long actual = ParameterAnalysis.FindParameters(graph).Sum(t => t.Count);
        // BatchNormalization is folded into Conv, which takes its parameters away.
        Assert.InRange(actual / expected, 0.98, 1.001);
    }

    private static void Check(OnnxGraph graph, long batch)
    {
        Dictionary<string, OnnxTensor> inputs = graph
            .Inputs.Select(
                (input, i) =>
                {
                    long[] shape = [batch, .. input.Shape!.Skip(1).Select(d => d.Size!.Value)];
                    return DrawnTensor.Normal(input.Name, i, shape);
                }
            )
            .ToDictionary(t => t.Name);
        HashSet<string> weights =
        [
            .. ParameterAnalysis.FindParameters(graph).Concat(ParameterAnalysis.FindState(graph)).Select(t => t.Name),
        ];
        foreach (bool native in new[] { true, false })
        {
            OnnxGraph lowered = OrtRunner.CheckLowering(graph, inputs, _ => native, 1e-4).Graph;
            Assert.Empty(weights.Except(lowered.Initializers.Keys));
        }
    }
}
