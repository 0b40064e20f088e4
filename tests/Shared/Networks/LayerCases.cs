using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Onnx.Networks.Layers;
using Padding = MLNetExtensions.Onnx.Networks.Padding;

namespace MLNetExtensions.TestData;

/// <summary>Every layer with an input and the output that PyTorch's or Keras's documentation promises.</summary>
internal static class LayerCases
{
    /// <summary>A layer, what it is applied to, and the shape it must give.</summary>
    public sealed record Case(Layer Layer, int[] Input, int[] Output);

    public static IReadOnlyDictionary<string, Case> All { get; } =
        new Dictionary<string, Case>
        {
            ["conv valid"] = Of(new Conv2D(5, 3), [4, 9, 8], [5, 7, 6]),
            ["conv same strided"] = Of(new Conv2D(5, 3) { Strides = 2, Padding = Padding.Same }, [4, 9, 8], [5, 5, 4]),
            ["conv explicit"] = Of(new Conv2D(5, (3, 2)) { Padding = new Padding(1, 0, 2, 1), UseBias = false }, [4, 9, 8], [5, 10, 8]),
            ["conv groups dilated"] = Of(
                new Conv2D(6, 3)
                {
                    Groups = 2,
                    Dilations = 2,
                    Padding = 2,
                },
                [4, 9, 8],
                [6, 9, 8]
            ),
            ["depthwise"] = Of(
                new DepthwiseConv2D(3)
                {
                    Multiplier = 2,
                    Padding = Padding.Same,
                    Strides = 2,
                },
                [4, 9, 8],
                [8, 5, 4]
            ),
            ["transposed"] = Of(new Conv2DTranspose(3, 3) { Strides = 2 }, [4, 5, 4], [3, 11, 9]),
            ["transposed same"] = Of(new Conv2DTranspose(3, 3) { Strides = 2, Padding = Padding.Same }, [4, 5, 4], [3, 10, 8]),
            ["transposed same small kernel"] = Of(
                new Conv2DTranspose(4, 2)
                {
                    Strides = 3,
                    Padding = Padding.Same,
                    Groups = 2,
                },
                [4, 3, 2],
                [4, 9, 6]
            ),
            ["transposed extra"] = Of(
                new Conv2DTranspose(3, 3)
                {
                    Strides = 2,
                    Padding = 1,
                    OutputPadding = 1,
                },
                [4, 5, 4],
                [3, 10, 8]
            ),
            ["max pool"] = Of(new MaxPool2D(2), [3, 9, 8], [3, 4, 4]),
            ["max pool ceil"] = Of(new MaxPool2D(3) { Strides = 2, CeilMode = true }, [3, 9, 8], [3, 4, 4]),
            ["max pool padded"] = Of(new MaxPool2D(3) { Strides = 2, Padding = 1 }, [3, 9, 8], [3, 5, 4]),
            ["average pool same"] = Of(new AveragePool2D(3) { Strides = 2, Padding = Padding.Same }, [3, 9, 8], [3, 5, 4]),
            ["average pool counting padding"] = Of(new AveragePool2D(2) { Padding = 1, CountIncludePad = true }, [3, 9, 8], [3, 5, 5]),
            ["global average pool"] = Of(new GlobalAveragePool2D(), [3, 9, 8], [3]),
            ["global max pool"] = Of(new GlobalMaxPool2D { KeepDimensions = true }, [3, 9, 8], [3, 1, 1]),
            ["adaptive average pool"] = Of(new AdaptiveAveragePool2D((4, 3)), [3, 9, 8], [3, 4, 3]),
            ["adaptive average pool whole"] = Of(new AdaptiveAveragePool2D((3, 4)), [3, 9, 8], [3, 3, 4]),
            ["adaptive max pool"] = Of(new AdaptiveMaxPool2D(5), [3, 9, 8], [3, 5, 5]),
            ["dense"] = Of(new Dense(7), [5], [7]),
            ["dense over a sequence"] = Of(new Dense(7), [4, 5], [4, 7]),
            ["dense without bias over channels last"] = Of(new Dense(2) { UseBias = false }, [3, 4, 5], [3, 4, 2]),
            ["batch norm"] = Of(new BatchNorm { Epsilon = 1e-3f, Momentum = 0.99f }, [3, 5, 4], [3, 5, 4]),
            ["batch norm of features"] = Of(new BatchNorm(), [6], [6]),
            ["layer norm"] = Of(new LayerNorm(), [4, 6], [4, 6]),
            ["layer norm channels first"] = Of(new LayerNorm { ChannelsFirst = true, Epsilon = 1e-6f }, [6, 4, 3], [6, 4, 3]),
            ["group norm"] = Of(new GroupNorm(3), [6, 4, 3], [6, 4, 3]),
            ["instance norm"] = Of(new InstanceNorm(), [6, 4, 3], [6, 4, 3]),
            ["relu"] = Same(new Relu()),
            ["relu6"] = Same(new Relu6()),
            ["leaky relu"] = Same(new LeakyRelu(0.3f)),
            ["prelu"] = Same(new PRelu()),
            ["prelu per channel"] = Same(new PRelu(PerChannel: true)),
            ["elu"] = Same(new Elu(0.7f)),
            ["celu"] = Same(new Celu(0.7f)),
            ["selu"] = Same(new Selu()),
            ["gelu"] = Same(new Gelu()),
            ["gelu tanh"] = Same(new Gelu(Approximate: true)),
            ["silu"] = Same(new Silu()),
            ["mish"] = Same(new Mish()),
            ["sigmoid"] = Same(new Sigmoid()),
            ["hard sigmoid"] = Same(new HardSigmoid()),
            ["hard swish"] = Same(new HardSwish()),
            ["tanh"] = Same(new Tanh()),
            ["hard tanh"] = Same(new HardTanh(-0.5f, 2)),
            ["softplus"] = Same(new Softplus()),
            ["softsign"] = Same(new Softsign()),
            ["softmax"] = Same(new Softmax(Axis: 1)),
            ["log softmax"] = Same(new LogSoftmax()),
            ["dropout"] = Same(new Dropout(0.3f)),
            ["spatial dropout"] = Same(new SpatialDropout2D(0.3f)),
            ["stochastic depth"] = Same(new StochasticDepth(0.3f)),
            ["flatten"] = Of(new Flatten(), [3, 4, 5], [60]),
            ["reshape"] = Of(new Reshape(6, -1, 2), [3, 4, 5], [6, 5, 2]),
            ["permute"] = Of(new Permute(2, 3, 1), [3, 4, 5], [4, 5, 3]),
            ["zero padding"] = Of(new ZeroPadding2D((1, 2)), [3, 4, 5], [3, 6, 9]),
            ["up sampling"] = Of(new UpSampling2D((2, 3)), [3, 4, 5], [3, 8, 15]),
            ["up sampling bilinear"] = Of(new UpSampling2D(2, Bilinear: true), [3, 4, 5], [3, 8, 10]),
            ["scale"] = Same(new Scale(0.125f)),
            ["layer scale"] = Same(new LayerScale(0.5f)),
            ["layer scale of features"] = Of(new LayerScale(0.5f, Last: true), [4, 6], [4, 6]),
            ["concat"] = Of(
                new Concat(
                    new Conv2D(2, 1),
                    new Sequential
                    {
                        new MaxPool2D(3) { Strides = 1, Padding = 1 },
                        new Conv2D(4, 1),
                    }
                ),
                [3, 6, 5],
                [6, 6, 5]
            ),
            ["residual"] = Of(new Residual(new Sequential(new Conv2D(3, 3) { Padding = 1 }, new BatchNorm())), [3, 6, 5], [3, 6, 5]),
            ["residual with a projection"] = Of(
                new Residual(new Conv2D(4, 3) { Padding = 1, Strides = 2 }, new Conv2D(4, 1) { Strides = 2 }),
                [3, 6, 5],
                [4, 3, 3]
            ),
            ["squeeze and excitation"] = Of(
                new SqueezeExcite(2) { Activation = new Silu(), Gate = new HardSigmoid() },
                [6, 4, 3],
                [6, 4, 3]
            ),
            ["patch embedding"] = Of(new PatchEmbedding(5, (2, 4)), [3, 4, 8], [4, 5]),
            ["class token and positions"] = Of(new Sequential(new ClassToken(), new PositionEmbedding()), [4, 6], [5, 6]),
            ["sequence step"] = Of(new SequenceStep(-2), [4, 6], [6]),
            ["sequence mean"] = Of(new SequenceMean(), [4, 6], [6]),
            ["row sequence"] = Of(new RowSequence(), [3, 4, 5], [4, 15]),
            ["attention"] = Of(new MultiHeadAttention(2) { Dropout = 0.1f }, [4, 6], [4, 6]),
            ["transformer block"] = Of(
                new TransformerBlock(3)
                {
                    Dropout = 0.1f,
                    StochasticDepth = 0.1f,
                    KernelInitializer = new RandomNormal(0.3),
                },
                [4, 6],
                [4, 6]
            ),
            ["lstm"] = Of(new Lstm(5), [4, 6], [5]),
            ["lstm both ways, sequences"] = Of(new Lstm(5) { Bidirectional = true, ReturnSequences = true }, [4, 6], [4, 10]),
            ["gru"] = Of(new Gru(5) { ReturnSequences = true }, [4, 6], [4, 5]),
            ["gru both ways"] = Of(new Gru(5) { Bidirectional = true }, [4, 6], [10]),
            ["rnn"] = Of(new Rnn(5), [4, 6], [5]),
            ["rnn relu"] = Of(new Rnn(5, UseRelu: true) { Bidirectional = true }, [4, 6], [10]),
        };

    private static Case Same(Layer layer) => Of(layer, [3, 4, 5], [3, 4, 5]);

    private static Case Of(Layer layer, int[] input, int[] output) => new(layer, input, output);
}
