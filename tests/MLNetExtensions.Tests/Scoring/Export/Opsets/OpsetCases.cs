using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Compression;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Tests.Scoring.Export.Opsets;

/// <summary>What the library exports: networks, what is put before and behind them, and what compression makes of them.</summary>
internal static class OpsetCases
{
    private const int Size = 32;

    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = Size,
        Height = Size,
        CropFraction = 0.8f,
        Channels = ImageChannelOrder.Bgr,
        Scale = 1f / 255,
        Mean = [0.4f, 0.5f, 0.6f],
        StandardDeviation = [0.2f, 0.25f, 0.3f],
    };

    /// <summary>Ready networks, and one with an encoder, a decoder and what joins them.</summary>
    public static IReadOnlyDictionary<string, Network> Networks { get; } =
        new Dictionary<string, Network>
        {
            ["seed cnn"] = new SeedCnn(),
            ["lenet"] = new LeNet5(),
            ["vgg"] = new Vgg(11),
            ["resnet 18"] = new ResNet(18),
            ["resnet 50"] = new ResNet(50),
            ["resnet 9"] = new ResNet9 { Width = 16 },
            ["mobilenet"] = new MobileNetV2(0.5f),
            ["convnext"] = new ConvNeXt { StochasticDepth = 0.1f },
            ["vit"] = new VisionTransformer
            {
                Blocks = 2,
                Dropout = 0.1f,
                StochasticDepth = 0.1f,
            },
            ["lstm"] = new RowLstm(32) { Layers = 2, Bidirectional = true },
            ["cifarnet"] = new CifarNet(),
        };

    /// <summary>A U-Net's shape, normalized by groups.</summary>
    private static Sequential UNet =>
        new(
            new Conv2D(8, 3) { Padding = Padding.Same },
            new GroupNorm(4),
            new Mish(),
            new Concat(
                new Conv2D(8, 1),
                new Sequential(
                    new MaxPool2D(2),
                    new Conv2D(16, 3) { Padding = Padding.Same },
                    new GroupNorm(4),
                    new Gelu(),
                    new Conv2DTranspose(8, 2) { Strides = 2 }
                )
            ),
            new Concat(new HardSwish(), new Sequential(new AveragePool2D(2), new UpSampling2D(2, Bilinear: true))),
            new Conv2D(3, 1),
            new GlobalAveragePool2D()
        );

    /// <summary>All models, by name.</summary>
    public static IReadOnlyDictionary<string, Func<OnnxGraph>> All { get; } =
        Networks
            .Select(n => (Name: n.Key, Make: (Func<OnnxGraph>)(() => Exported(n.Value.Build(3, 3, Size, Size, seed: 1)))))
            .Concat([
                ("u-net", () => Exported(Build(UNet))),
                ("ten crops", () => Exported(Small, TestTimeAugmentation.TenCrop)),
                (
                    "multi-label",
                    () =>
                        new MultiLabelScoring(3, ["a", "b", "c"], "Predicted").Export(
                            Prepended(Small),
                            Preprocessing,
                            new ScoringNames("Score")
                        )
                ),
                (
                    "ordinal",
                    () =>
                        new OrdinalScoring(ClassLabels.Of(Labels()), "Predicted").Export(
                            Prepended(Build(new Flatten(), new Dense(2))),
                            Preprocessing,
                            new ScoringNames("Score")
                        )
                ),
                (
                    "regression",
                    () =>
                        new RegressionScoring(2, 3).Export(
                            Prepended(Build(new Gelu(), new Flatten(), new Dense(1))),
                            Preprocessing,
                            new ScoringNames("Score")
                        )
                ),
                ("temperature", () => TemperatureGraph.Apply(Exported(Small), 1.5)),
                (
                    "features",
                    () =>
                        ScoringGraph.Featurizer(
                            Prepended(Build(UNet)),
                            Preprocessing,
                            new ScoringNames("Features"),
                            ScoringMetadata.Of(Preprocessing)
                        )
                ),
                ("quantized cnn", () => Quantized(new SeedCnn())),
                ("quantized mobilenet", () => Quantized(new MobileNetV2(0.5f))),
                ("quantized vit", () => Quantized(new VisionTransformer { Blocks = 2 })),
                (
                    "dynamically quantized vit",
                    () =>
                        new MLContext(1)
                            .Vision()
                            .QuantizeDynamic(
                                Renamed(new VisionTransformer { Blocks = 2 }.Build(3, 3, Size, Size, seed: 1)),
                                new DynamicQuantizeOptions()
                            )
                            .Model
                ),
                ("fp16 weights", () => Half(Build(UNet), Float16Mode.Weights)),
                ("fp16 u-net", () => Half(Build(UNet), Float16Mode.Graph)),
                ("fp16 vit", () => Half(new VisionTransformer { Blocks = 2 }.Build(3, 3, Size, Size, seed: 1), Float16Mode.Graph)),
            ])
            .ToDictionary(c => c.Item1, c => c.Item2);

    /// <summary>A layer of <see cref="LayerCases"/> alone.</summary>
    public static OnnxGraph Of(LayerCases.Case test)
    {
        var network = new NetworkBuilder(seed: 3);
        return network.Build(network.Input(test.Input).Then(test.Layer));
    }

    private static OnnxGraph Small => Build(new Conv2D(4, 3), new Gelu(), new GlobalAveragePool2D(), new Dense(3));

    private static OnnxGraph Build(params Layer[] layers)
    {
        var network = new NetworkBuilder(seed: 3);
        return network.Build(network.Input(3, Size, Size).Then(new Sequential(layers)));
    }

    private static DataViewSchema.Column Labels()
    {
        var ml = new MLContext(1);
        return ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Fit(ml.Data.LoadFromEnumerable(new[] { "a", "b", "c" }.Select(l => new { Label = l })))
            .Transform(ml.Data.LoadFromEnumerable(new[] { "a", "b", "c" }.Select(l => new { Label = l })))
            .Schema["Label"];
    }

    private static OnnxGraph Prepended(OnnxGraph network, TestTimeAugmentation? views = null) =>
        PreprocessingGraph.Prepend(network, Preprocessing, cropInGraph: true, "pixels", views);

    private static OnnxGraph Exported(OnnxGraph network, TestTimeAugmentation? views = null) =>
        new ClassificationScoring(ClassLabels.Of(Labels()), "Predicted").Export(
            Prepended(network, views),
            Preprocessing,
            new ScoringNames("Score")
        );

    private static OnnxGraph Quantized(Network network)
    {
        var ml = new MLContext(1);
        OnnxGraph graph = Renamed(network.Build(3, 3, Size, Size, seed: 1));
        return ml.Vision()
            .Quantize(
                graph,
                new QuantizeOptions
                {
                    CalibrationSet = CompressionCases.Rows(ml, 12, 3 * Size * Size),
                    Calibration = new MinMaxCalibration(),
                    LatencyBatchSize = 0,
                }
            )
            .Model;
    }

    private static OnnxGraph Half(OnnxGraph graph, Float16Mode mode) =>
        new MLContext(1).Vision().ToFloat16(graph, new Float16Options { Mode = mode, LatencyBatchSize = 0 }).Model;

    /// <summary>The network with an input named as the column of <see cref="CompressionCases.Rows"/>.</summary>
    private static OnnxGraph Renamed(OnnxGraph graph) =>
        graph with
        {
            Inputs = [graph.Inputs[0] with { Name = "x" }],
            Nodes = [.. graph.Nodes.Select(n => n with { Inputs = [.. n.Inputs.Select(i => i == graph.Inputs[0].Name ? "x" : i)] })],
        };
}
