using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Networks of 8-bit whole numbers, as ONNX Runtime's quantizer, PyTorch and Intel's tools write them, and binary ones.</summary>
internal static class QuantizedModels
{
    private const float ActivationScale = 0.04f;

    // A value that lies between two steps of a scale may be rounded either way, and the layers behind it see that.
    private const double Step = 2e-3;

    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new UnseenModel("qdq13-static", Qdq) { Features = 24, Tolerance = Step }
            .Untrainable("[Qq]uanti")
            .Unprunable(),
        new UnseenModel("qoperator11-qlinearconv", QOperator)
        {
            Features = 24,
            Tolerance = Step,
            Refused = Int8Refused("QLinearConv"),
        }
            .Untrainable("QLinear|[Qq]uanti|integer")
            .Unprunable(),
        new UnseenModel("qoperator13-batch1-qgemm", QGemm) { Features = 24, Tolerance = Step }
            .Untrainable("QLinear|QGemm|[Qq]uanti|integer")
            .Unprunable(),
        new UnseenModel("dynamic13-convinteger", Dynamic) { Features = 24, Tolerance = Step }
            .Untrainable("Integer|[Qq]uanti")
            .Unprunable(),
        new UnseenModel("dynamic13-vit-matmulinteger", DynamicTokens) { Features = 16, Tolerance = Step }
            .Untrainable("Integer|[Qq]uanti")
            .Unprunable(),
        new UnseenModel("weight-only-dequantized", WeightOnly) { Features = 24 }
            .Untrainable("[Qq]uanti")
            .Unprunable(),
        new UnseenModel("larq-binary", Binary) { Features = 24 }
            .Untrainable("Sign|binar")
            .Unprunable(),
        new UnseenModel("dorefa-two-bits", Dorefa) { Features = 24 }
            .Untrainable("Round|Floor|[Qq]uanti")
            .Unprunable(),
    ];

    /// <summary>INT8 needs opset 13, to which operators that are not known here cannot be raised.</summary>
    internal static Dictionary<UnseenStep, string> Int8Refused(string message) => new() { [UnseenStep.Int8] = message };

    private static void Quantizer(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion) = (opset, "onnx.quantize", "0.1.0", 7);
        (d.ValueName, d.NodeName) = ((op, n) => $"{op.ToLowerInvariant()}{n}_quantized", (op, n) => $"{op}_{n}_quant");
    }

    /// <summary>QuantizeLinear and DequantizeLinear around each value; weights by channel.</summary>
    private static void Qdq(ModelDraft d)
    {
        Quantizer(d, 13);
        string x = Around(d, d.Input("input", "batch", 3, 32, 32));
        d.Weights = WeightStyle.Dequantized;
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
            (x, channels) = (Around(d, d.Relu(d.Conv(x, channels, width, stride: 2))), width);
        x = Around(d, d.Flatten(Around(d, d.GlobalPool(x))));
        d.End(Around(d, d.Gemm(x, 24, 10)), "output", "batch", 10);
    }

    private static string Around(ModelDraft d, string x)
    {
        (string scale, string zero) = Parameters(d);
        return d.Node("DequantizeLinear", [d.Node("QuantizeLinear", [x, scale, zero]), scale, zero]);
    }

    private static (string Scale, string Zero) Parameters(ModelDraft d, string? name = null)
    {
        name = d.Unused(name ?? "activation");
        return (
            d.Initializer(OnnxTensor.FromFloats(name + "_scale", [], [ActivationScale])),
            d.Initializer(OnnxTensor.FromArray(name + "_zero_point", OnnxElementType.UInt8, [], new byte[] { 128 }))
        );
    }

    /// <summary>QLinearConv, then com.microsoft's QLinearGlobalAveragePool, and QLinearMatMul; Add is com.microsoft's QLinearAdd.</summary>
    private static void QOperator(ModelDraft d)
    {
        Quantizer(d, 11);
        (string scale, string zero) = Parameters(d);
        string x = d.Node("QuantizeLinear", [d.Input("input", "batch", 3, 32, 32), scale, zero]);
        x = QLinearConv(d, x, scale, zero, 3, 8, 2);
        x = QLinearConv(d, x, scale, zero, 8, 24, 2);
        x = d.Foreign("com.microsoft", "QLinearAdd", [x, scale, zero, QLinearConv(d, x, scale, zero, 24, 24, 1), scale, zero, scale, zero]);
        x = d.Flatten(d.Foreign("com.microsoft", "QLinearGlobalAveragePool", [x, scale, zero, scale, zero], Of("channels_last", 0L)));
        (string matrix, string matrixScale, string matrixZero) = Weight(d, "fc", 24, 24, 10);
        x = d.Node("QLinearMatMul", [x, scale, zero, matrix, matrixScale, matrixZero, scale, zero]);
        x = d.Add(d.Node("DequantizeLinear", [x, scale, zero]), d.Vector("fc", "bias", 10, 0, 0.1));
        d.End(x, "output", "batch", 10);
    }

    private static void QGemm(ModelDraft d)
    {
        Quantizer(d, 13);
        (string scale, string zero) = Parameters(d);
        string x = d.Node("QuantizeLinear", [d.Input("input", 1, 3, 32, 32), scale, zero]);
        x = QLinearConv(d, QLinearConv(d, QLinearConv(d, x, scale, zero, 3, 8, 2), scale, zero, 8, 16, 2), scale, zero, 16, 24, 2);
        x = d.Foreign("com.microsoft", "QLinearGlobalAveragePool", [x, scale, zero, scale, zero], Of("channels_last", 0L));
        x = d.Reshape(x, 1, 24);
        (string matrix, string matrixScale, string matrixZero) = Weight(d, "fc", 24, 24, 10);
        string bias = d.Initializer(
            OnnxTensor.FromArray("fc.bias_quantized", OnnxElementType.Int32, [10], Enumerable.Range(-5, 10).ToArray())
        );
        x = d.Foreign(
            "com.microsoft",
            "QGemm",
            [x, scale, zero, matrix, matrixScale, matrixZero, bias, scale, zero],
            Of("alpha", 1f),
            Of("transB", 0L)
        );
        d.End(d.Node("DequantizeLinear", [x, scale, zero]), "output", 1, 10);
    }

    private static string QLinearConv(ModelDraft d, string x, string scale, string zero, int channels, int outputs, int stride)
    {
        string layer = d.Layer("conv");
        (string weight, string weightScale, string weightZero) = Weight(d, layer, channels * 9, outputs, channels, 3, 3);
        string bias = d.Initializer(OnnxTensor.FromArray(layer + ".bias_quantized", OnnxElementType.Int32, [outputs], new int[outputs]));
        return d.Node(
            "QLinearConv",
            [x, scale, zero, weight, weightScale, weightZero, scale, zero, bias],
            Of("kernel_shape", 3L, 3),
            Of("pads", 1L, 1, 1, 1),
            Of("strides", stride, stride)
        );
    }

    /// <summary>A weight of 8 bits with one scale.</summary>
    private static (string Weight, string Scale, string Zero) Weight(ModelDraft d, string layer, int fanIn, params long[] shape)
    {
        (sbyte[] whole, float[] scales) = ModelDraft.Quantize(d.Draw(shape, 0, Math.Sqrt(2.0 / fanIn)), 1);
        return (
            d.Initializer(OnnxTensor.FromArray(layer + ".weight_quantized", OnnxElementType.Int8, shape, whole)),
            d.Initializer(OnnxTensor.FromFloats(layer + ".weight_scale", [], scales)),
            d.Initializer(OnnxTensor.FromArray(layer + ".weight_zero_point", OnnxElementType.Int8, [], new sbyte[1]))
        );
    }

    /// <summary>Activations are quantized by their range at run time, that of the whole batch.</summary>
    private static void Dynamic(ModelDraft d)
    {
        Quantizer(d, 13);
        string x = d.Input("input", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
        {
            string layer = d.Layer("conv");
            string[] quantized = d.Nodes("DynamicQuantizeLinear", [x], 3);
            (string weight, string weightScale, string weightZero) = Weight(d, layer, channels * 9, width, channels, 3, 3);
            string sum = d.Node(
                "ConvInteger",
                [quantized[0], weight, quantized[2], weightZero],
                Of("kernel_shape", 3L, 3),
                Of("pads", 1L, 1, 1, 1),
                Of("strides", 2L, 2)
            );
            x = d.Mul(d.Cast(sum, OnnxElementType.Float), d.Mul(quantized[1], weightScale));
            x = d.Relu(d.Add(x, d.Tensor(layer, "bias_reshaped", 0.1, 1, width, 1, 1)));
            channels = width;
        }
        x = d.Flatten(d.GlobalPool(x));
        d.End(d.Add(Product(d, x, 24, 10), d.Vector("fc", "bias", 10, 0, 0.1)), "output", "batch", 10);
    }

    private static string Product(ModelDraft d, string x, int inputs, int outputs)
    {
        string[] quantized = d.Nodes("DynamicQuantizeLinear", [x], 3);
        (string weight, string weightScale, string weightZero) = Weight(d, d.Layer("MatMul_"), inputs, inputs, outputs);
        string sum = d.Node("MatMulInteger", [quantized[0], weight, quantized[2], weightZero]);
        return d.Mul(d.Cast(sum, OnnxElementType.Float), d.Mul(quantized[1], weightScale));
    }

    private static void DynamicTokens(ModelDraft d)
    {
        Quantizer(d, 13);
        string x = d.Conv(d.Input("pixel_values", "batch", 3, 32, 32), 3, 16, kernel: 8, stride: 8, pad: 0);
        x = d.Transpose(d.ReshapeByShape(x, 16, 16), 0, 2, 1);
        x = d.Add(x, Product(d, d.ErfGelu(d.Add(Product(d, d.LayerNorm(x, 16), 16, 32), d.Vector("mlp", "bias", 32, 0, 0.1))), 32, 16));
        x = d.Mean(d.LayerNorm(x, 16), false, 1);
        d.End(d.Add(Product(d, x, 16, 10), d.Vector("head", "bias", 10, 0, 0.1)), "logits", "batch", 10);
    }

    /// <summary>Weights of 8 bits behind DequantizeLinear; activations are floats.</summary>
    private static void WeightOnly(ModelDraft d)
    {
        Quantizer(d, 13);
        d.Weights = WeightStyle.Dequantized;
        d.End(d.Classifier(d.FoldedTrunk(d.Input("input", "batch", 3, 32, 32), 3, 8, 16, 24), 24), "output", "batch", 10);
    }

    /// <summary>
    /// Larq by tf2onnx: signs of activations and weights, BatchNorm between; the first layer and the classifier are floats.
    /// </summary>
    private static void Binary(ModelDraft d)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.WeightName) = (11, "tf2onnx", "1.8.4", (layer, part) => $"quant_{layer}/{part}");
        string x = d.BatchNorm(d.Conv(d.Input("input_1", "N", 3, 32, 32), 3, 8, stride: 2, bias: false), 8);
        int channels = 8;
        foreach (int width in new[] { 16, 24 })
        {
            float[] signs = [.. d.Draw([width * channels * 9], 0, 1).Select(v => v < 0 ? -1f : 1)];
            string layer = d.Layer("conv2d_");
            string weight = d.Node("Sign", [d.Weight(d.WeightName(layer, "kernel"), [width, channels, 3, 3], signs)]);
            string y = d.Node(
                "Conv",
                [d.Node("Sign", [Shift(d, x)]), weight],
                Of("kernel_shape", 3L, 3),
                Of("pads", 1L, 1, 1, 1),
                Of("strides", 2L, 2)
            );
            (x, channels) = (d.BatchNorm(d.Mul(y, d.Scalar(1 / MathF.Sqrt(channels * 9))), width), width);
        }
        x = d.Flatten(d.GlobalPool(x));
        d.End(d.Softmax(d.Dense(x, 24, 10)), "predictions", "N", 10);

        // Zeros of the padding have no sign of their own in ONNX; a small shift keeps activations away from them.
        static string Shift(ModelDraft d, string x) => d.Add(x, d.Scalar(1e-3f));
    }

    /// <summary>DoReFa: activations rounded to two bits between 0 and 1; weights by tanh, rounded.</summary>
    private static void Dorefa(ModelDraft d)
    {
        (d.Opset, d.Producer, d.ProducerVersion) = (11, "pytorch", "1.7");
        string x = d.Clip(d.Conv(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2), 0, 1);
        int channels = 8;
        foreach (int width in new[] { 16, 24 })
        {
            string layer = d.Layer("conv");
            string weight = Rounded(d, d.Node("Tanh", [d.Kernel(layer, channels * 9, width, channels, 3, 3)]));
            x = d.Node("Conv", [Rounded(d, x), weight], Of("kernel_shape", 3L, 3), Of("pads", 1L, 1, 1, 1), Of("strides", 2L, 2));
            (x, channels) = (d.Clip(d.BatchNorm(x, width), 0, 1), width);
        }
        d.End(d.Classifier(x, 24), "output", "batch", 10);

        static string Rounded(ModelDraft d, string x) => d.Node("Div", [d.Node("Round", [d.Mul(x, d.Scalar(3))]), d.Scalar(3)]);
    }
}
