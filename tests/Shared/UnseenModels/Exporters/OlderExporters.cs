using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>CNTK, Caffe2, MXNet, PaddlePaddle, MATLAB and Core ML's converter.</summary>
internal static class OlderExporters
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("cntk8-gray-digits", CntkDigits)
        {
            Features = 64,
            Channels = 1,
            Side = 28,
        },
        new("cntk7-resnet", CntkResNet) { Features = 24 },
        new("caffe2-8-squeezenet", SqueezeNet) { Features = 32 },
        new UnseenModel("caffe2-9-lrn-alexnet", AlexNet) { Features = 32 }.Unprunable(),
        new("mxnet8-resnet", MxNet) { Features = 24 },
        new("mxnet8-squeezenet-gluon", Gluon) { Features = 32 },
        new("paddle11-mobilenet", Paddle) { Features = 24 },
        new("paddle14-hardsigmoid", PaddleHardSigmoid) { Features = 24 },
        new("matlab8-subtract-mean", Matlab) { Features = 24 },
        new("coreml9-labels-zipmap", d => CoreMl(d, 3)) { Features = 24 },
        new("coreml9-gray-labels-zipmap", d => CoreMl(d, 1)) { Features = 24, Channels = 1 },
    ];

    /// <summary>
    /// Weights named Parameter, bias by Add, auto_pad, a classifier whose matrix is reshaped by the graph, a batch of one without a name.
    /// </summary>
    private static void CntkDigits(ModelDraft d)
    {
        Cntk(d, 8);
        string x = d.Node("Div", [d.Input("Input3", 1, 1, 28, 28), d.Scalar(255)]);
        x = d.MaxPool(Same(d, x, 1, 8, 5));
        x = d.Node(
            "MaxPool",
            [Same(d, x, 8, 16, 5)],
            Of("kernel_shape", 7L, 7),
            Of("pads", 0L, 0, 0, 0),
            Of("strides", 7L, 7),
            Of("auto_pad", "NOTSET")
        );
        x = d.Reshape(x, 1, 64);
        string matrix = d.Reshape(d.Kernel("times", 64, 16, 2, 2, 10), 64, 10);
        d.End(d.Add(d.Node("MatMul", [x, matrix]), d.Tensor("plus", "b", 0.1, 1, 10)), "Plus214_Output_0", 1, 10);
    }

    private static void CntkResNet(ModelDraft d)
    {
        Cntk(d, 7);
        string x = d.Input("features", 1, 3, 32, 32);
        x = d.Relu(d.BatchNorm(d.Conv(x, 3, 8, stride: 2, bias: false), 8, Of("spatial", 1L)));
        string y = d.Relu(d.BatchNorm(d.Conv(x, 8, 8, bias: false), 8, Of("spatial", 1L)));
        x = d.Relu(d.Node("Sum", [d.BatchNorm(d.Conv(y, 8, 8, bias: false), 8, Of("spatial", 1L)), x]));
        x = d.Relu(d.BatchNorm(d.Conv(x, 8, 24, stride: 2, bias: false), 24, Of("spatial", 1L)));
        x = d.AveragePool(x, kernel: 8, stride: 1);
        x = d.Gemm(d.Reshape(x, 1, 24), 24, 10);
        d.End(x, "z", 1, 10);
    }

    private static string Same(ModelDraft d, string x, int channels, int outputs, int kernel)
    {
        string layer = d.Layer("Convolution");
        x = d.Node(
            "Conv",
            [x, d.Kernel(layer, channels * kernel * kernel, outputs, channels, kernel, kernel)],
            Of("auto_pad", "SAME_UPPER"),
            Of("dilations", 1L, 1),
            Of("group", 1L),
            Of("kernel_shape", kernel, kernel),
            Of("strides", 1L, 1)
        );
        return d.Relu(d.Add(x, d.Tensor(layer, "b", 0.1, outputs, 1, 1)));
    }

    private static void Cntk(ModelDraft d, int opset)
    {
        int parameter = 0;
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (opset, "CNTK", "2.7", 3, "CNTKGraph");
        (d.ValueName, d.NodeName) = ((op, n) => $"{op}{28 + n}_Output_0", (op, n) => $"{op}{28 + n}");
        d.WeightName = (_, _) => $"Parameter{193 + (++parameter)}";
    }

    /// <summary>Fire modules; the classifier is a convolution, behind it ReLU, GlobalAveragePool and Softmax of [1, 10, 1, 1].</summary>
    private static void SqueezeNet(ModelDraft d)
    {
        Caffe2(d, 8);
        string x = d.Relu(d.Conv(d.Input("data_0", 1, 3, 32, 32), 3, 8, stride: 2));
        x = Fire(d, d.MaxPool(x, 3, 2), 8, 4, 16);
        x = d.Nodes("Dropout", [x], 2, Of("ratio", 0.5f))[0];
        x = d.GlobalPool(d.Relu(d.Conv(x, 32, 10, kernel: 1)));
        d.End(d.Softmax(x), "softmaxout_1", 1, 10, 1, 1);
    }

    /// <summary>LRN, groups, a Reshape of one image, linear layers with Dropout.</summary>
    private static void AlexNet(ModelDraft d)
    {
        Caffe2(d, 9);
        string x = d.Relu(d.Conv(d.Input("data_0", 1, 3, 32, 32), 3, 8, kernel: 5, stride: 2));
        x = d.MaxPool(d.Node("LRN", [x], Of("alpha", 1e-4f), Of("beta", 0.75f), Of("bias", 1f), Of("size", 5L)), 3, 2);
        x = d.MaxPool(d.Relu(d.Conv(x, 8, 16, groups: 2)), 3, 2);
        x = d.Reshape(x, 1, 144);
        x = d.Dropout(d.Relu(d.Gemm(x, 144, 32)));
        d.End(d.Softmax(d.Gemm(x, 32, 10)), "prob_1", 1, 10);
    }

    private static void Caffe2(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (opset, "onnx-caffe2", "", 3, "squeezenet_old");
        (d.ValueName, d.NodeName) = ((op, n) => $"{op.ToLowerInvariant()}{n}_1", (_, _) => "");
        d.WeightName = (layer, part) => $"{layer}_{(part == "weight" ? 'w' : 'b')}_0";
    }

    private static string Fire(ModelDraft d, string x, int channels, int squeeze, int expand)
    {
        x = d.Relu(d.Conv(x, channels, squeeze, kernel: 1));
        return d.Concat(1, d.Relu(d.Conv(x, squeeze, expand, kernel: 1)), d.Relu(d.Conv(x, squeeze, expand)));
    }

    /// <summary>fix_gamma: scales of one; BatchNorm of the images first; Flatten and Gemm.</summary>
    private static void MxNet(ModelDraft d)
    {
        MxNet(d, "resnetv22");
        string x = d.Input("data", 1, 3, 32, 32);
        string data = d.Layer("batchnorm");
        x = d.Node(
            "BatchNormalization",
            [
                x,
                d.Weight(d.WeightName(data, "gamma"), [3], [1, 1, 1]),
                d.Weight(d.WeightName(data, "beta"), [3], [0, 0, 0]),
                d.Weight(d.WeightName(data, "running_mean"), [3], [0, 0, 0]),
                d.Weight(d.WeightName(data, "running_var"), [3], [1, 1, 1]),
            ],
            Of("epsilon", 1e-5f),
            Of("momentum", 0.9f),
            Of("spatial", 1L)
        );
        x = d.Conv(x, 3, 8, stride: 2, bias: false);
        string y = d.Relu(d.BatchNorm(x, 8, Of("spatial", 1L)));
        x = d.Add(
            d.Conv(d.Relu(d.BatchNorm(d.Conv(y, 8, 24, stride: 2, bias: false), 24, Of("spatial", 1L))), 24, 24, bias: false),
            d.Conv(y, 8, 24, kernel: 1, stride: 2, bias: false)
        );
        x = d.GlobalPool(d.Relu(d.BatchNorm(x, 24, Of("spatial", 1L))));
        d.End(d.Gemm(d.Reshape(x, 0, -1), 24, 10), "resnetv22_dense0_fwd", 1, 10);
    }

    private static void Gluon(ModelDraft d)
    {
        MxNet(d, "squeezenet0");
        string x = d.Relu(d.Conv(d.Input("data", 1, 3, 32, 32), 3, 8, stride: 2));
        x = d.Dropout(Fire(d, d.MaxPool(x, 3, 2), 8, 4, 16));
        x = d.AveragePool(d.Relu(d.Conv(x, 32, 10, kernel: 1)), kernel: 7, stride: 7);
        d.End(d.Reshape(x, 0, -1), "squeezenet0_flatten0_reshape0", 1, 10);
    }

    private static void MxNet(ModelDraft d, string prefix)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (8, "", "", 3, "mxnet_converted_model");
        (d.ValueName, d.NodeName) = (
            (op, n) => $"{prefix}_stage{n / 4}_{op.ToLowerInvariant()}{n}",
            (op, n) => $"{prefix}_stage{n / 4}_{op.ToLowerInvariant()}{n}"
        );
        d.WeightName = (layer, part) => $"{prefix}_{layer}_{part}";
    }

    /// <summary>Every weight is a Constant node, values are named as in the program.</summary>
    private static void Paddle(ModelDraft d)
    {
        Paddle(d, 11);
        string x = d.Input("x", "p2o.DynamicDimension.0", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
            (x, channels) = (d.Relu(d.BatchNorm(d.Conv(x, channels, width, stride: 2, bias: false), width)), width);
        x = d.Node("Flatten", [d.GlobalPool(x)], Of("axis", 1L));
        d.End(d.Node("Softmax", [d.Dense(x, 24, 10)], Of("axis", -1L)), "softmax_0.tmp_0", "p2o.DynamicDimension.1", 10);
    }

    private static void PaddleHardSigmoid(ModelDraft d)
    {
        Paddle(d, 14);
        string x = d.Node(
            "HardSwish",
            [d.BatchNorm(d.Conv(d.Input("inputs", "p2o.DynamicDimension.0", 3, 32, 32), 3, 8, stride: 2, bias: false), 8)]
        );
        x = d.SqueezeExcite(x, 8, 4, v => d.Node("HardSigmoid", [v], Of("alpha", 0.2f), Of("beta", 0.5f)));
        x = d.Relu(d.BatchNorm(d.Conv(x, 8, 24, stride: 2, bias: false), 24));
        x = d.Reshape(d.GlobalPool(x), -1, 24);
        d.End(d.Softmax(d.Dense(d.Node("Identity", [x]), 24, 10), -1), "softmax_1.tmp_0", "p2o.DynamicDimension.1", 10);
    }

    private static void Paddle(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (opset, "PaddlePaddle", "", 7, "Model from PaddlePaddle.");
        (d.ValueName, d.NodeName) = ((op, n) => $"{op.ToLowerInvariant()}_{n}.tmp_0", (op, n) => $"p2o.{op}.{n}");
        d.WeightName = (layer, part) =>
            $"{layer}.{(part == "weight" ? "w" : part == "bias" ? "b" : part == "running_mean" ? "w_1" : "w_2")}_0";
        d.Weights = WeightStyle.ConstantNode;
    }

    /// <summary>The first node subtracts the training images' mean, one value for each channel and pixel; the batch is one.</summary>
    private static void Matlab(ModelDraft d)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (
            8,
            "MATLAB Deep Learning Toolbox Converter for ONNX Model Format",
            "19.2",
            3,
            "Network"
        );
        (d.ValueName, d.NodeName) = ((op, n) => $"{op.ToLowerInvariant()}_{n}", (op, n) => $"{op.ToLowerInvariant()}_{n}");
        d.WeightName = (layer, part) => $"{layer}_{(part == "weight" ? 'W' : part == "bias" ? 'B' : part[0])}{part.Length}";
        string x = d.Node(
            "Sub",
            [d.Input("imageinput", 1, 3, 32, 32), d.Weight("imageinput_Mean", [1, 3, 32, 32], d.Draw([3072], 0, 0.1))]
        );
        x = d.FoldedTrunk(x, 3, 8, 16, 24);
        x = d.Flatten(d.AveragePool(x, kernel: 4, stride: 4));
        d.End(d.Softmax(d.Gemm(x, 24, 10)), "softmax", 1, 10);
    }

    /// <summary>The image's scaler first, at the end the label and a map from labels to probabilities (ai.onnx.ml).</summary>
    private static void CoreMl(ModelDraft d, int channels)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (9, "OnnxMLTools", "1.5.0", 4, "MarsHabitat");
        (d.ValueName, d.NodeName) = ((op, n) => $"{op}_output_{n}", (op, n) => $"{op}{n}");
        d.WeightName = (layer, part) => $"{layer}_{(part == "weight" ? 'W' : 'B')}";
        string x = d.Mul(d.Input("image", "None", channels, 32, 32), d.Constant(OnnxTensor.FromFloats("ImageScaler_scale", [1], [0.017f])));
        x = d.Add(x, d.Constant(OnnxTensor.FromFloats("ImageScaler_bias", [channels, 1, 1], new float[channels])));
        x = d.FoldedTrunk(x, channels, 8, 16, 24);
        x = d.Softmax(d.Gemm(d.Flatten(d.GlobalPool(x)), 24, 10));
        string labels = d.Initializer(OnnxTensor.FromStrings("classes", [10], [.. Enumerable.Range(0, 10).Select(i => $"class {i}")]));
        string best = d.Node("ArgMax", [x], Of("axis", 1L), Of("keepdims", 0L));
        string label = d.Foreign("ai.onnx.ml", "ArrayFeatureExtractor", [d.Node("Reshape", [labels, d.Longs(1, 10)]), best]);
        label = d.Node("Reshape", [label, d.Longs(-1)]);
        d.Edit(g => g.Node[^1].Output[0] = "classLabel");
        d.Output("classLabel", OnnxElementType.String, "None");
        string map = d.Foreign(
            "ai.onnx.ml",
            "ZipMap",
            [x],
            Of("classlabels_strings", [.. Enumerable.Range(0, 10).Select(i => $"class {i}")])
        );
        d.Edit(g => g.Node[^1].Output[0] = "classLabelProbs");
        d.Output("classLabelProbs", MapsOfText);
    }

    // TypeProto: sequence_type = 4 of elem_type = 1, a TypeProto: map_type = 5 of key_type = 1 (text is 8) and value_type = 2, a TypeProto
    // of floats.
    private static TypeProto MapsOfText =>
        TypeProto.Parser.ParseFrom(
            ModelDraft.Field(
                4,
                ModelDraft.Field(
                    1,
                    ModelDraft.Field(
                        5,
                        [
                            .. ModelDraft.Varint(1, 8),
                            .. ModelDraft.Field(
                                2,
                                new TypeProto
                                {
                                    TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float },
                                }.ToByteArray()
                            ),
                        ]
                    )
                )
            )
        );
}
