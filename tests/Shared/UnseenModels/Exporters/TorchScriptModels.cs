using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Convolutional networks of torchvision and timm as torch.onnx.export (TorchScript) writes them, PyTorch 1.1 to 2.x.</summary>
internal static class TorchScriptModels
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("torch7-initializers-as-inputs", Opset7) { Features = 64 },
        new("torch9-folded-batch1", Folded) { Features = 24 },
        new("torch11-mobilenetv2", MobileNetV2) { Features = 32 },
        new("torch12-mobilenetv3", MobileNetV3) { Features = 40 },
        new("torch14-hardswish-op", MobileNetV3Op) { Features = 40 },
        new("torch13-resnet", d => ResNet(d, 13)) { Features = 32 },
        new("torch9-resnet-identity-weights", d => ResNet(d, 9, WeightStyle.Identity)) { Features = 32 },
        new("torch11-weights-transposed", d => ResNet(d, 11, WeightStyle.Transposed)) { Features = 32 },
        new("torch11-densenet", DenseNet) { Features = 28 },
        new("torch11-shufflenet-batch1", d => ShuffleNet(d, 1)) { Features = 32 },
        new("torch11-shufflenet", d => ShuffleNet(d, "batch")) { Features = 32 },
        new("torch11-inception-auxiliary-head", Inception) { Features = 40 },
        new("torch17-efficientnet", EfficientNet) { Features = 32 },
        new("torch11-vgg-adaptive-pool", Vgg) { Features = 32 },
        new("torch13-open-height-width", d => OpenSizes(d)) { Features = 32 },
        new("torch16-stn-gridsample", SpatialTransformer) { Features = 24, Tolerance = 1e-3 },
        new("torch11-fpn-resize-batch1", FeaturePyramid) { Features = 24 },
        new UnseenModel("torch13-group-norm-batch1", GroupNorm) { Features = 24 }.Unprunable(),
        new("torch15-batchnorm-training", d => TrainingBatchNorm(d, 15, isTraining: true))
        {
            Features = 24,
            Inference = d => TrainingBatchNorm(d, 15, isTraining: false),
            Warned = TrainingWarnings,
        },
        new("torch9-batchnorm-training", d => TrainingBatchNorm(d, 9, isTraining: true))
        {
            Features = 24,
            Inference = d => TrainingBatchNorm(d, 9, isTraining: false),
            Warned = TrainingWarnings,
        },
    ];

    private static Dictionary<UnseenStep, string> TrainingWarnings => new() { [UnseenStep.Score] = "BatchNorm" };

    /// <summary>
    /// PyTorch 1.1: initializers are inputs too, values are numbers, the tail is Shape, Gather, Concat, Reshape, constants are Constant
    /// nodes.
    /// </summary>
    private static void Opset7(ModelDraft d)
    {
        Numbered(d, 7, "1.1");
        d.IrVersion = 3;
        string x = d.Trunk(d.Input("0", 1, 3, 32, 32), 3, 8, 16);
        x = d.ReshapeByShape(d.MaxPool(d.Relu(d.Conv(x, 16, 16)), kernel: 4, stride: 4), -1);
        x = d.Dropout(d.Relu(d.Gemm(x, 64, 64)));
        d.End(d.Gemm(x, 64, 10), "61", 1, 10);
    }

    /// <summary>PyTorch 1.4 after constant folding: BatchNorm in the convolutions, a Reshape by constants, a batch of one.</summary>
    private static void Folded(ModelDraft d)
    {
        Numbered(d, 9, "1.4");
        d.IrVersion = 4;
        string x = d.GlobalPool(d.FoldedTrunk(d.Input("input.1", 1, 3, 32, 32), 3, 8, 16, 24));
        d.End(d.Gemm(d.Reshape(x, 1, -1), 24, 10), "199", 1, 10);
    }

    private static void MobileNetV2(ModelDraft d)
    {
        Numbered(d, 11, "1.7");
        string x = d.Clip(d.Conv(d.Input("input", "batch_size", 3, 32, 32), 3, 8, stride: 2), 0, 6);
        x = Inverted(d, x, 8, 8, 1);
        x = Inverted(d, x, 8, 16, 2);
        x = Inverted(d, x, 16, 16, 1);
        x = d.Mean(d.Clip(d.Conv(x, 16, 32, kernel: 1), 0, 6), false, 2, 3);
        d.End(d.Gemm(x, 32, 10), "output", "batch_size", 10);

        static string Inverted(ModelDraft d, string x, int channels, int outputs, int stride)
        {
            string y = d.Clip(d.Conv(x, channels, channels * 2, kernel: 1), 0, 6);
            y = d.Clip(d.Conv(y, channels * 2, channels * 2, stride: stride, groups: channels * 2), 0, 6);
            y = d.Conv(y, channels * 2, outputs, kernel: 1);
            return stride == 1 && channels == outputs ? d.Add(x, y) : y;
        }
    }

    private static void MobileNetV3(ModelDraft d)
    {
        Numbered(d, 12, "1.8");
        MobileNetV3(d, d.HardSwish, x => d.Node("Div", [d.Clip(d.Add(x, d.Scalar(3)), 0, 6), d.Scalar(6)]));
    }

    /// <summary>From opset 14 on HardSwish and HardSigmoid are operators.</summary>
    private static void MobileNetV3Op(ModelDraft d)
    {
        Named(d, 14);
        MobileNetV3(d, x => d.Node("HardSwish", [x]), x => d.Node("HardSigmoid", [x], Of("alpha", 1f / 6)));
    }

    private static void MobileNetV3(ModelDraft d, Func<string, string> swish, Func<string, string> gate)
    {
        string x = swish(d.Conv(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2));
        string y = swish(d.Conv(x, 8, 24, kernel: 1));
        y = d.SqueezeExcite(swish(d.Conv(y, 24, 24, kernel: 5, groups: 24)), 24, 8, gate);
        x = d.Add(x, d.Conv(y, 24, 8, kernel: 1));
        x = swish(d.Conv(d.Relu(d.Conv(x, 8, 16, stride: 2)), 16, 24, kernel: 1));
        x = swish(d.Gemm(d.Flatten(d.GlobalPool(x)), 24, 40));
        d.End(d.Gemm(x, 40, 10), "output", "batch", 10);
    }

    private static void ResNet(ModelDraft d, int opset, WeightStyle weights = WeightStyle.Initializer)
    {
        Named(d, opset);
        d.Weights = weights;
        string x = d.MaxPool(d.ConvBnRelu(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2), kernel: 3, stride: 2, pad: 1);
        x = Block(d, x, 8, 8, 1);
        x = Block(d, x, 8, 16, 2);
        x = Block(d, x, 16, 32, 2);
        d.End(d.Classifier(x, 32), "output", "batch", 10);

        static string Block(ModelDraft d, string x, int channels, int outputs, int stride)
        {
            string y = d.ConvBnRelu(x, channels, outputs, stride: stride);
            y = d.BatchNorm(d.Conv(y, outputs, outputs, bias: false), outputs);
            string shortcut = stride == 1 ? x : d.BatchNorm(d.Conv(x, channels, outputs, kernel: 1, stride: stride, bias: false), outputs);
            return d.Relu(d.Add(y, shortcut));
        }
    }

    private static void DenseNet(ModelDraft d)
    {
        Numbered(d, 11, "1.6");
        string x = d.ConvBnRelu(d.Input("input.1", "batch", 3, 32, 32), 3, 8, stride: 2);
        int channels = 8;
        for (int block = 0; block < 2; block++)
        {
            for (int layer = 0; layer < 2; layer++, channels += 8)
                x = d.Concat(1, x, d.Conv(d.Relu(d.BatchNorm(x, channels)), channels, 8, bias: false));
            if (block == 0)
                (x, channels) = (
                    d.AveragePool(d.Conv(d.Relu(d.BatchNorm(x, channels)), channels, channels / 2, kernel: 1, bias: false)),
                    channels / 2
                );
        }
        x = d.GlobalPool(d.Relu(d.BatchNorm(x, channels)));
        d.End(d.Gemm(d.Flatten(x), channels, 10), "output", "batch", 10);
    }

    /// <summary>Channel shuffle: with a batch of one its shapes are constants, [1, 2, channels / 2, height, width], as is chunk.</summary>
    private static void ShuffleNet(ModelDraft d, object batch)
    {
        Numbered(d, 11, "1.5");
        string x = d.MaxPool(d.Relu(d.Conv(d.Input("input", batch, 3, 32, 32), 3, 8, stride: 2)), 3, 2, 1);
        x = Shuffle(d.Concat(1, Branch(d, x, 8, 8, 2), Branch(d, x, 8, 8, 2)), 16, 4);
        string[] halves = d.Split(x, 1, 8, 8);
        x = Shuffle(d.Concat(1, halves[0], Branch(d, halves[1], 8, 8, 1)), 16, 4);
        x = d.Mean(d.Relu(d.Conv(x, 16, 32, kernel: 1)), false, 2, 3);
        d.End(d.Gemm(x, 32, 10), "output", batch, 10);

        static string Branch(ModelDraft d, string x, int channels, int outputs, int stride) =>
            d.Relu(
                d.Conv(
                    d.Conv(d.Relu(d.Conv(x, channels, outputs, kernel: 1)), outputs, outputs, stride: stride, groups: outputs),
                    outputs,
                    outputs,
                    kernel: 1
                )
            );

        string Shuffle(string v, long channels, long side)
        {
            if (batch is int)
            {
                v = d.Reshape(v, 1, 2, channels / 2, side, side);
                return d.Reshape(d.Transpose(v, 0, 2, 1, 3, 4), 1, -1, side, side);
            }
            v = d.ReshapeByShape(v, 2, channels / 2, side, side);
            return d.ReshapeByShape(d.Transpose(v, 0, 2, 1, 3, 4), -1, side, side);
        }
    }

    /// <summary>
    /// GoogLeNet in training mode: branches that meet in Concat, two outputs, the class scores and those of the auxiliary head.
    /// </summary>
    private static void Inception(ModelDraft d)
    {
        Numbered(d, 11, "1.9");
        string x = d.ConvBnRelu(d.Input("x", "batch", 3, 32, 32), 3, 8, stride: 2);
        x = Mixed(d, x, 8);
        string auxiliary = d.Gemm(d.Flatten(d.GlobalPool(d.ConvBnRelu(x, 40, 16, kernel: 1))), 16, 10);
        x = Mixed(d, d.MaxPool(x), 40);
        string scores = d.Gemm(d.Dropout(d.Flatten(d.GlobalPool(x))), 40, 10);
        d.End(scores, "logits", "batch", 10);
        d.End(auxiliary, "aux_logits", "batch", 10);

        static string Mixed(ModelDraft d, string x, int channels)
        {
            string wide = d.Relu(
                d.Node(
                    "Conv",
                    [d.ConvBnRelu(x, channels, 8, kernel: 1), d.Kernel(d.Layer("conv"), 8 * 7, 8, 8, 1, 7)],
                    Of("kernel_shape", 1L, 7),
                    Of("pads", 0L, 3, 0, 3)
                )
            );
            string tall = d.Relu(
                d.Node("Conv", [wide, d.Kernel(d.Layer("conv"), 8 * 7, 8, 8, 7, 1)], Of("kernel_shape", 7L, 1), Of("pads", 3L, 0, 3, 0))
            );
            string pooled = d.Node(
                "AveragePool",
                [x],
                Of("kernel_shape", 3L, 3),
                Of("pads", 1L, 1, 1, 1),
                Of("strides", 1L, 1),
                Of("count_include_pad", 1L)
            );
            return d.Concat(
                1,
                d.ConvBnRelu(x, channels, 16, kernel: 1),
                tall,
                d.ConvBnRelu(x, channels, 8),
                d.ConvBnRelu(pooled, channels, 8, kernel: 1)
            );
        }
    }

    private static void EfficientNet(ModelDraft d)
    {
        Named(d, 17);
        string x = d.Swish(d.Conv(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2));
        x = Block(d, x, 8, 8, 1);
        x = Block(d, x, 8, 16, 2);
        x = d.Swish(d.Conv(x, 16, 32, kernel: 1));
        d.End(d.Classifier(x, 32), "output", "batch", 10);

        static string Block(ModelDraft d, string x, int channels, int outputs, int stride)
        {
            string y = d.Swish(d.Conv(x, channels, channels * 2, kernel: 1));
            y = d.Swish(d.Conv(y, channels * 2, channels * 2, kernel: 5, stride: stride, groups: channels * 2));
            string squeezed = d.Swish(d.Conv(d.Mean(y, true, 2, 3), channels * 2, 4, kernel: 1));
            y = d.Conv(d.Mul(y, d.Node("Sigmoid", [d.Conv(squeezed, 4, channels * 2, kernel: 1)])), channels * 2, outputs, kernel: 1);
            return stride == 1 ? d.Add(x, y) : y;
        }
    }

    /// <summary>AdaptiveAvgPool2d to 2 x 2 is an AveragePool of the size at export; two linear layers with Dropout behind it.</summary>
    private static void Vgg(ModelDraft d)
    {
        Named(d, 11);
        string x = d.Input("actual_input_1", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16 })
            (x, channels) = (d.MaxPool(d.Relu(d.Conv(d.Relu(d.Conv(x, channels, width)), width, width))), width);
        x = d.Flatten(d.AveragePool(x, kernel: 4, stride: 4));
        x = d.Dropout(d.Relu(d.Gemm(x, 64, 32)));
        d.End(d.Gemm(x, 32, 10), "output1", "batch", 10);
    }

    private static void OpenSizes(ModelDraft d)
    {
        Named(d, 13);
        string x = d.Trunk(d.Input("pixel_values", "batch_size", 3, "height", "width"), 3, 8, 16, 32);
        d.End(d.Classifier(x, 32), "logits", "batch_size", 10);
    }

    /// <summary>A spatial transformer: an affine grid that the network computes, and GridSample.</summary>
    private static void SpatialTransformer(ModelDraft d)
    {
        Named(d, 16);
        string x = d.Input("input", "batch", 3, 32, 32);
        string theta = d.Gemm(d.Flatten(d.GlobalPool(d.FoldedTrunk(x, 3, 8, 8))), 8, 6);
        theta = d.Add(d.Mul(theta, d.Scalar(0.1f)), d.Initializer(OnnxTensor.FromFloats("identity", [6], [1, 0, 0, 0, 1, 0])));
        theta = d.Transpose(d.ReshapeByShape(theta, 2, 3), 0, 2, 1);
        float[] points =
        [
            .. from row in Enumerable.Range(0, 32)
            from column in Enumerable.Range(0, 32)
            from v in new[] { (column - 15.5f) / 16, (row - 15.5f) / 16, 1 }
            select v,
        ];
        string grid = d.Node("MatMul", [d.Initializer(OnnxTensor.FromFloats("base_grid", [1, 1024, 3], points)), theta]);
        x = d.Node(
            "GridSample",
            [x, d.ReshapeByShape(grid, 32, 32, 2)],
            Of("align_corners", 0L),
            Of("mode", "bilinear"),
            Of("padding_mode", "zeros")
        );
        d.End(d.Classifier(d.Trunk(x, 3, 8, 16, 24), 24), "output", "batch", 10);
    }

    /// <summary>A pyramid that is enlarged by sizes, [1, 16, 8, 8]: of one image only.</summary>
    private static void FeaturePyramid(ModelDraft d)
    {
        Numbered(d, 11, "1.10");
        string fine = d.Trunk(d.Input("input", 1, 3, 32, 32), 3, 8, 16),
            coarse = d.ConvBnRelu(fine, 16, 16, stride: 2);
        string none = d.Constant(OnnxTensor.FromFloats("none", [0], []));
        string enlarged = d.Node(
            "Resize",
            [coarse, none, none, d.Longs(1, 16, 8, 8)],
            Of("coordinate_transformation_mode", "asymmetric"),
            Of("mode", "nearest"),
            Of("nearest_mode", "floor")
        );
        string x = d.ConvBnRelu(d.Add(fine, enlarged), 16, 24);
        d.End(d.Classifier(x, 24), "output", 1, 10);
    }

    /// <summary>GroupNorm before opset 18: InstanceNormalization of [1, groups, -1], then the shape back from Shape.</summary>
    private static void GroupNorm(ModelDraft d)
    {
        Named(d, 13);
        string x = d.Input("input", 1, 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
        {
            string y = d.Conv(x, channels, width, stride: 2, bias: false);
            string normal = d.Node(
                "InstanceNormalization",
                [d.Reshape(y, 0, 4, -1), d.Weight(d.Unused("ones"), [4], [1, 1, 1, 1]), d.Weight(d.Unused("zeros"), [4], new float[4])],
                Of("epsilon", 1e-5f)
            );
            y = d.Node("Reshape", [normal, d.Node("Shape", [y])]);
            string layer = d.Layer("gn");
            y = d.Add(d.Mul(y, d.Tensor(layer, "weight", 1, width, 1, 1)), d.Tensor(layer, "bias", 0.1, width, 1, 1));
            (x, channels) = (d.Relu(y), width);
        }
        d.End(d.Classifier(x, 24), "output", 1, 10);
    }

    /// <summary>A file exported with training=TRAINING: BatchNormalization normalizes by the batch.</summary>
    private static void TrainingBatchNorm(ModelDraft d, int opset, bool isTraining)
    {
        Numbered(d, opset, "1.13");
        string x = d.Input("input", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
        {
            string[] inputs = [d.Conv(x, channels, width, stride: 2, bias: false), .. d.NormParts(d.Layer("bn"), width)];
            string y =
                !isTraining ? d.Node("BatchNormalization", inputs)
                : opset >= 14 ? d.Nodes("BatchNormalization", inputs, 3, Of("training_mode", 1L), Of("momentum", 0.9f))[0]
                : d.Nodes("BatchNormalization", inputs, 5, Of("momentum", 0.9f))[0];
            (x, channels) = (d.Relu(y), width);
        }
        d.End(d.Classifier(x, 24), "output", "batch", 10);
    }

    /// <summary>PyTorch until 1.12: values are numbers.</summary>
    internal static void Numbered(ModelDraft d, int opset, string version)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.UsesConstantNodes, d.GraphName) = (
            opset,
            "pytorch",
            version,
            opset < 9 ? 4 : 6,
            true,
            "torch-jit-export"
        );
        (d.ValueName, d.NodeName) = ((_, n) => $"{n + 120}", (op, n) => $"{op}_{n}");
        d.WeightName = (layer, part) => $"features.{layer}.{part}";
    }

    /// <summary>PyTorch since 1.13: values are paths of modules.</summary>
    internal static void Named(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.UsesConstantNodes) = (opset, "pytorch", "2.0.1", opset < 13 ? 6 : 8, true);
        (d.ValueName, d.NodeName) = (
            (op, n) => $"/layer{n / 8}/layer{n / 8}.{n % 8}/{op}_output_0",
            (op, n) => $"/layer{n / 8}/layer{n / 8}.{n % 8}/{op}"
        );
    }
}
