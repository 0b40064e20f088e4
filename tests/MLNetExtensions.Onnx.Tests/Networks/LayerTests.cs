using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

public class LayerTests
{
    public static TheoryData<string> Names => [.. LayerCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Onnx_runtime_gives_the_shape(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder(seed: 3);
        NetworkValue output = network.Input(test.Input).Then(test.Layer);
        Assert.Equal(test.Output, output.Shape);

        OnnxGraph graph = network.Build(output);
        OnnxTensor input = DrawnTensor.Normal("input", 1, [3, .. test.Input]);
        OnnxTensor result = Assert.Single(OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["input"] = input }));
        Assert.Equal([3, .. test.Output.Select(size => (long)size)], result.Shape);
        Assert.All(result.ToFloats(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("spatial dropout")]
    [InlineData("stochastic depth")]
    public void Inference_drops_nothing(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder();
        OnnxGraph graph = network.Build(network.Input(test.Input).Then(test.Layer));
        OnnxTensor input = DrawnTensor.Normal("input", 1, [3, .. test.Input]);
        Assert.Equal(input.ToFloats(), OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["input"] = input })[0].ToFloats());
        Assert.Contains(graph.Nodes, n => n.OpType == "Dropout");
    }

    [Fact]
    public void Adaptive_pooling_is_pytorchs()
    {
        // torch.nn.AdaptiveAvgPool1d(3) of 0..4 covers [0,1], [1,2,3], [3,4].
        var network = new NetworkBuilder();
        OnnxGraph graph = network.Build(network.Input(1, 5, 5).Then(new AdaptiveAveragePool2D((3, 5))));
        float[] rows = [.. Enumerable.Range(0, 25).Select(i => (float)(i / 5))];
        OnnxTensor result = OrtRunner.Run(
            graph,
            new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.FromFloats("input", [1, 1, 5, 5], rows) }
        )[0];
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 2, 2, 2, 2, 2, 3.5f, 3.5f, 3.5f, 3.5f, 3.5f], result.ToFloats());
    }

    [Fact]
    public void Layers_are_named_as_keras_does_and_parameters_as_pytorch_does()
    {
        OnnxGraph graph = new Sequential
        {
            new Conv2D(4, 3),
            new BatchNorm(),
            new LeakyRelu(),
            new Conv2D(4, 3) { Name = "second" },
            new Sequential
            {
                new Conv2D(2, 1),
                new Conv2D(2, 1) { UseBias = false },
            },
            new Flatten(),
            new Dense(3),
        }.Build(3, 8, 8);
        Assert.Equal(
            [
                "conv2d.weight",
                "conv2d.bias",
                "batch_norm.weight",
                "batch_norm.bias",
                "batch_norm.running_mean",
                "batch_norm.running_var",
                "second.weight",
                "second.bias",
                "conv2d_1.weight",
                "conv2d_1.bias",
                "conv2d_2.weight",
                "dense.weight",
                "dense.bias",
            ],
            graph.Initializers.Keys
        );
        Assert.Equal("input", Assert.Single(graph.Inputs).Name);
        Assert.Equal("logits Float[batch,3]", Assert.Single(graph.Outputs).ToString());
    }

    [Fact]
    public void Functional_style_adds_multiplies_and_joins()
    {
        var network = new NetworkBuilder();
        NetworkValue x = network.Input(3, 6, 6);
        NetworkValue y;
        using (network.Scope("block"))
            y = x.Then(new Conv2D(3, 3) { Padding = 1 });
        NetworkValue joined = NetworkValue.Concat(1, x + y, x * y);
        OnnxGraph graph = network.Build(joined, y);
        Assert.Contains("block.conv2d.weight", graph.Initializers.Keys);
        OnnxTensor input = DrawnTensor.Normal("input", 1, 2, 3, 6, 6);
        OnnxTensor[] outputs = OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["input"] = input });
        float[] a = input.ToFloats(),
            b = outputs[1].ToFloats(),
            all = outputs[0].ToFloats();
        Assert.Equal(a[0] + b[0], all[0], 1e-5f);
        Assert.Equal(a[0] * b[0], all[108], 1e-5f);
    }

    [Fact]
    public void The_seed_decides_the_weights()
    {
        Layer layer = new Conv2D(4, 3);
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));

        float[] Weights(int seed) => layer.Build(3, 8, 8, seed).Initializers["conv2d.weight"].ToFloats();
    }

    public static TheoryData<Layer, string> Misfits =>
        new()
        {
            {
                new Sequential(new MaxPool2D(4), new Conv2D(8, 5) { Name = "big" }),
                "Layer 'big' (Conv2D) got the input [batch, 3, 2, 2]: its window of 5x5 is larger"
            },
            {
                new Conv2D(8, 3) { Groups = 2 },
                "3 channels and 8 filters must both be multiples of Groups, 2"
            },
            { new Sequential(new Flatten(), new Conv2D(8, 3)), "it wants images, [batch, channels, height, width]" },
            { new Lstm(4), "Layer 'lstm' (Lstm) got the input [batch, 3, 8, 8]: it wants sequences" },
            { new Residual(new Conv2D(3, 3)), "the branch gives [3, 6, 6], the shortcut [3, 8, 8]" },
            { new Reshape(5, -1), "its 192 values do not fit into [5, -1]" },
            { new Dropout(1), "Rate is 1; it must be from 0 up to but not including 1" },
            { new PatchEmbedding(8, 3), "an image of 8x8 is not made of whole patches of 3x3" },
            { new Sequential(new RowSequence(), new MultiHeadAttention(5)), "24 features are not a multiple of 5 heads" },
            { new GroupNorm(2), "3 channels are not a multiple of 2 groups" },
            { new AdaptiveMaxPool2D(9), "must be positive and not larger than the image, 8x8" },
            { new Sequential(new Dense(3) { Name = "a" }, new Dense(3) { Name = "a" }), "another layer has this name already" },
            { new Concat(new Conv2D(2, 3), new Conv2D(2, 1)), "Concat" },
            { new Sequential(new Permute(1, 3)), "must name each dimension from 1 to 3 once" },
        };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void What_does_not_fit_is_named(Layer layer, string message)
    {
        LayerException error = Assert.Throws<LayerException>(() => layer.Build(3, 8, 8));
        Assert.Contains(message, error.Message);
    }
}
