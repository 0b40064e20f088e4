using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels;

/// <content>Layers that many networks have.</content>
internal sealed partial class ModelDraft
{
    private int _layers;

    /// <summary>The name of the next layer.</summary>
    public string Layer(string kind) => $"{kind}{++_layers}";

    /// <summary>A convolution of images of channel x height x width, padded to keep their size (before the stride).</summary>
    public string Conv(
        string x,
        int channels,
        int outputs,
        int kernel = 3,
        int stride = 1,
        int groups = 1,
        bool bias = true,
        int? pad = null
    )
    {
        string layer = Layer("conv");
        int p = pad ?? kernel / 2,
            fanIn = channels / groups * kernel * kernel;
        string[] inputs = [x, Kernel(layer, fanIn, outputs, channels / groups, kernel, kernel)];
        return Node(
            "Conv",
            bias ? [.. inputs, Vector(layer, "bias", outputs, 0, 0.05)] : inputs,
            Of("dilations", 1L, 1),
            Of("group", groups),
            Of("kernel_shape", kernel, kernel),
            Of("pads", p, p, p, p),
            Of("strides", stride, stride)
        );
    }

    public string BatchNorm(string x, int channels, params OnnxAttribute[] attributes) =>
        Node("BatchNormalization", [x, .. NormParts(Layer("bn"), channels)], [Of("epsilon", 1e-5f), Of("momentum", 0.9f), .. attributes]);

    /// <summary>A BatchNormalization's weights: scale, shift, mean and variance.</summary>
    public string[] NormParts(string layer, int channels) =>
        [
            Vector(layer, "weight", channels, 1, 0.1),
            Vector(layer, "bias", channels, 0, 0.1),
            Vector(layer, "running_mean", channels, 0, 0.1),
            Weight(WeightName(layer, "running_var"), [channels], [.. Draw([channels], 0, 0.2).Select(v => 1 + MathF.Abs(v))]),
        ];

    public string ConvBnRelu(string x, int channels, int outputs, int kernel = 3, int stride = 1, int groups = 1) =>
        Relu(BatchNorm(Conv(x, channels, outputs, kernel, stride, groups, bias: false), outputs));

    /// <summary>
    /// Convolutions of stride 2 with BatchNorm and ReLU, as wide as given: the trunk where a kind is about something else.
    /// </summary>
    public string Trunk(string x, int channels, params int[] widths)
    {
        foreach (int width in widths)
            (x, channels) = (ConvBnRelu(x, channels, width, stride: 2), width);
        return x;
    }

    /// <summary>A trunk without BatchNorm, as it is where that was folded.</summary>
    public string FoldedTrunk(string x, int channels, params int[] widths)
    {
        foreach (int width in widths)
            (x, channels) = (Relu(Conv(x, channels, width, stride: 2)), width);
        return x;
    }

    /// <summary>PyTorch's Linear of [batch, inputs].</summary>
    public string Gemm(string x, int inputs, int outputs)
    {
        string layer = Layer("fc");
        return Node(
            "Gemm",
            [x, Kernel(layer, inputs, outputs, inputs), Vector(layer, "bias", outputs, 0, 0.05)],
            Of("alpha", 1f),
            Of("beta", 1f),
            Of("transB", 1L)
        );
    }

    /// <summary>A Linear as MatMul and Add: of tokens, or of Keras.</summary>
    public string Dense(string x, int inputs, int outputs, bool biasFirst = false)
    {
        string layer = Layer("dense");
        string product = Node("MatMul", [x, Kernel(layer, inputs, inputs, outputs)]),
            bias = Vector(layer, "bias", outputs, 0, 0.05);
        return biasFirst ? Add(bias, product) : Add(product, bias);
    }

    /// <summary>LayerNormalization over the last dimension: the operator from opset 17 on, before it the formula.</summary>
    public string LayerNorm(string x, int size)
    {
        string layer = Layer("norm"),
            scale = Vector(layer, "weight", size, 1, 0.1),
            shift = Vector(layer, "bias", size, 0, 0.1);
        if (Opset >= 17)
            return Node("LayerNormalization", [x, scale, shift], Of("axis", -1L), Of("epsilon", 1e-5f));
        string centered = Node("Sub", [x, Mean(x, true, -1)]);
        string variance = Mean(Node("Pow", [centered, Scalar(2)]), true, -1);
        return Add(Mul(Node("Div", [centered, Node("Sqrt", [Add(variance, Scalar(1e-5f))])]), scale), shift);
    }

    /// <summary>Gelu by Erf.</summary>
    public string ErfGelu(string x) => Mul(Mul(x, Add(Node("Erf", [Node("Div", [x, Scalar(MathF.Sqrt(2))])]), Scalar(1))), Scalar(0.5f));

    public string Swish(string x) => Mul(x, Node("Sigmoid", [x]));

    /// <summary>x * relu6(x + 3) / 6, as PyTorch writes it below opset 14.</summary>
    public string HardSwish(string x) => Node("Div", [Mul(x, Clip(Add(x, Scalar(3)), 0, 6)), Scalar(6)]);

    /// <summary>Squeeze and excitation.</summary>
    public string SqueezeExcite(string x, int channels, int inner, Func<string, string>? gate = null)
    {
        string squeezed = Relu(Conv(GlobalPool(x), channels, inner, kernel: 1));
        return Mul(x, (gate ?? (v => Node("Sigmoid", [v])))(Conv(squeezed, inner, channels, kernel: 1)));
    }

    /// <summary>GlobalAveragePool, Flatten and a classifier of ten classes.</summary>
    public string Classifier(string x, int channels) => Gemm(Flatten(GlobalPool(x)), channels, 10);
}
