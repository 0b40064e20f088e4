using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Keras and TensorFlow networks as tf2onnx and keras2onnx write them.</summary>
internal static class TensorFlowModels
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("tf2onnx13-nhwc", Nhwc) { Features = 24 },
        new("tf2onnx11-channels-first-input", ChannelsFirstInput) { Features = 24 },
        new("tf2onnx9-fused-pads", FusedPads) { Features = 24 },
        new("tf2onnx13-squeeze-conv-classifier", ConvClassifier) { Features = 24 },
        new("tf2onnx15-depthwise-same-upper", Depthwise) { Features = 24 },
        new("tf2onnx12-rescaling-inside", Rescaling) { Features = 24, IsNormalizedInside = true },
        new("keras2onnx10-nhwc", Keras2Onnx) { Features = 32 },
        new("tf2onnx13-gray-nhwc", GrayNhwc)
        {
            Features = 32,
            Channels = 1,
            Side = 28,
        },
        new("tf2onnx13-gray-height-width", GrayFlat)
        {
            Features = 32,
            Channels = 1,
            Side = 28,
        },
    ];

    private static void Tf2Onnx(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (
            opset,
            "tf2onnx",
            "1.16.1 15c810",
            opset < 11 ? 5 : 7,
            "tf2onnx"
        );
        (d.ValueName, d.NodeName) = (
            (op, n) => $"StatefulPartitionedCall/model/block{n}/{op}:0",
            (op, n) => $"StatefulPartitionedCall/model/block{n}/{op}__{n + 6}"
        );
        d.WeightName = (layer, part) => $"StatefulPartitionedCall/model/{layer}/{part}/ReadVariableOp:0";
        d.Domains["ai.onnx.ml"] = 2;
    }

    /// <summary>A transposition behind the input, the mean over height and width, Squeeze, and a softmax behind MatMul and Add.</summary>
    private static void Nhwc(ModelDraft d)
    {
        Tf2Onnx(d, 13);
        string x = d.Transpose(d.Input("input_1:0", "unk__123", 32, 32, 3), 0, 3, 1, 2);
        x = d.Squeeze(d.Mean(d.FoldedTrunk(x, 3, 8, 16, 24), true, 2, 3), 2, 3);
        d.End(d.Softmax(d.Dense(x, 24, 10)), "predictions", "unk__124", 10);
    }

    /// <summary>--inputs-as-nchw.</summary>
    private static void ChannelsFirstInput(ModelDraft d)
    {
        Tf2Onnx(d, 11);
        string x = d.GlobalPool(d.FoldedTrunk(d.Input("input_1", "", 3, 32, 32), 3, 8, 16, 24));
        x = d.ReshapeByShape(x, 24);
        d.End(d.Softmax(d.Dense(x, 24, 10)), "dense", "", 10);
    }

    /// <summary>
    /// ZeroPadding2D before strided convolutions is in their pads, which are not symmetric; Pad before the pooling stays.
    /// </summary>
    private static void FusedPads(ModelDraft d)
    {
        Tf2Onnx(d, 9);
        string x = d.Transpose(d.Input("input_2:0", "N", 32, 32, 3), 0, 3, 1, 2);
        x = d.Relu(
            d.Node(
                "Conv",
                [x, d.Kernel("conv1", 27, 8, 3, 3, 3), d.Vector("conv1", "bias", 8, 0, 0.1)],
                Of("kernel_shape", 3L, 3),
                Of("pads", 0L, 0, 1, 1),
                Of("strides", 2L, 2)
            )
        );
        x = d.MaxPool(d.Pad(x, 0, 0, 1, 1, 0, 0, 1, 1), kernel: 3, stride: 2);
        x = d.Squeeze(d.GlobalPool(d.FoldedTrunk(x, 8, 16, 24)), 2, 3);
        d.End(d.Softmax(d.Dense(x, 24, 10)), "Identity:0", "N", 10);
    }

    /// <summary>MobileNetV1 of Keras: the classifier is a convolution, then Reshape or Squeeze, then Softmax; the batch is one.</summary>
    private static void ConvClassifier(ModelDraft d)
    {
        Tf2Onnx(d, 13);
        string x = d.Transpose(d.Input("x:0", 1, 32, 32, 3), 0, 3, 1, 2);
        x = d.Conv(d.GlobalPool(d.FoldedTrunk(x, 3, 8, 16, 24)), 24, 10, kernel: 1);
        x = d.Reshape(d.Transpose(x, 0, 2, 3, 1), 1, 10);
        d.End(d.Softmax(x, -1), "Identity:0", 1, 10);
    }

    private static void Depthwise(ModelDraft d)
    {
        Tf2Onnx(d, 15);
        string x = d.Transpose(d.Input("input_1", "batch", 32, 32, 3), 0, 3, 1, 2);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
        {
            string layer = d.Layer("separable_conv2d_");
            x = d.Node(
                "Conv",
                [x, d.Kernel(layer + "/depthwise", 9, channels, 1, 3, 3)],
                Of("auto_pad", "SAME_UPPER"),
                Of("group", channels),
                Of("kernel_shape", 3L, 3),
                Of("strides", 2L, 2)
            );
            x = d.Clip(d.BatchNorm(d.Conv(x, channels, width, kernel: 1, bias: false), width), 0, 6);
            channels = width;
        }
        d.End(d.Softmax(d.Dense(d.Squeeze(d.GlobalPool(x), 2, 3), 24, 10)), "predictions", "batch", 10);
    }

    /// <summary>Rescaling and Normalization layers inside: Mul, Sub, Div before the transposition.</summary>
    private static void Rescaling(ModelDraft d)
    {
        Tf2Onnx(d, 12);
        string x = d.Mul(d.Input("input_1", "batch", 32, 32, 3), d.Scalar(1 / 127.5f));
        x = d.Node("Sub", [x, d.Initializer(OnnxTensor.FromFloats("normalization/mean:0", [1, 1, 1, 3], [0.1f, 0, -0.1f]))]);
        x = d.Node("Div", [x, d.Initializer(OnnxTensor.FromFloats("normalization/Sqrt:0", [1, 1, 1, 3], [1.1f, 1, 0.9f]))]);
        x = d.Swish(d.Conv(d.Transpose(x, 0, 3, 1, 2), 3, 8, stride: 2));
        x = d.Swish(d.Conv(d.SqueezeExcite(x, 8, 4), 8, 24, stride: 2));
        d.End(d.Softmax(d.Dense(d.Mean(x, false, 2, 3), 24, 10)), "predictions", "batch", 10);
    }

    /// <summary>Transpositions between layers, BatchNorm apart, a Flatten by Reshape of height x width x channel.</summary>
    private static void Keras2Onnx(ModelDraft d)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion, d.GraphName) = (10, "keras2onnx", "1.7.0", 5, "sequential");
        (d.ValueName, d.NodeName) = ((op, n) => $"{op.ToLowerInvariant()}_output{n}", (op, n) => $"{op}{n}");
        d.WeightName = (layer, part) => $"{layer}/{part}:0";
        string x = d.Transpose(d.Input("conv2d_1_input", "N", 32, 32, 3), 0, 3, 1, 2);
        x = d.MaxPool(d.Relu(d.Conv(x, 3, 8)));
        x = d.Transpose(d.Transpose(x, 0, 2, 3, 1), 0, 3, 1, 2);
        x = d.MaxPool(d.BatchNorm(d.Relu(d.Conv(x, 8, 16, stride: 2)), 16));
        x = d.Reshape(d.Transpose(x, 0, 2, 3, 1), -1, 256);
        x = d.Relu(d.Dense(x, 256, 32));
        d.End(d.Softmax(d.Dense(x, 32, 10)), "dense_2", "N", 10);
    }

    private static void GrayNhwc(ModelDraft d)
    {
        Tf2Onnx(d, 13);
        string x = d.Reshape(d.Input("conv2d_input", "unk__14", 28, 28, 1), -1, 1, 28, 28);
        x = d.MaxPool(d.Relu(d.Conv(x, 1, 8)));
        x = d.MaxPool(d.Relu(d.Conv(x, 8, 8)));
        x = d.Relu(d.Dense(d.Reshape(d.Transpose(x, 0, 2, 3, 1), -1, 392), 392, 32));
        d.End(d.Softmax(d.Dense(x, 32, 10)), "dense_1", "unk__15", 10);
    }

    /// <summary>Keras' first example: images [batch, 28, 28] into Flatten.</summary>
    private static void GrayFlat(ModelDraft d)
    {
        Tf2Onnx(d, 13);
        string x = d.Reshape(d.Input("flatten_input", "unk__6", 28, 28), -1, 784);
        x = d.Relu(d.Dense(x, 784, 32));
        d.End(d.Dense(x, 32, 10), "dense_1", "unk__7", 10);
    }
}
