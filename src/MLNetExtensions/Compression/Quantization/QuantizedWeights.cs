using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Signed 8-bit weights around zero, with a scale for each output channel or one for all.</summary>
/// <param name="Numbers">The weights as numbers, in the order of the weight.</param>
/// <param name="Scales">The step of each channel, or of all.</param>
/// <param name="Bias">The bias in steps of its channel's products; null if there is none.</param>
/// <param name="Limits">Between which numbers the weights stay.</param>
internal sealed record QuantizedWeights(sbyte[] Numbers, float[] Scales, int[]? Bias, WeightLimits Limits)
{
    /// <summary>The largest bias in steps; beyond, the channel's step is made coarser.</summary>
    private const double BiasLimit = 1 << 30;

    /// <summary>Quantizes a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputScale">The step of the layer's input.</param>
    /// <param name="inputMeans">The mean of each channel of its input, by which the bias is corrected; null leaves the bias.</param>
    /// <param name="perChannel">True if each channel has its scale.</param>
    /// <param name="reduceRange">True if the weights have about 7 bits, see <see cref="WeightLimits"/>.</param>
    public static QuantizedWeights Of(LayerWeights layer, float inputScale, double[]? inputMeans, bool perChannel, bool reduceRange)
    {
        float[] weights = layer.Weight.ToFloats();
        float[] scales = ChooseScales(layer, weights, inputScale, perChannel, reduceRange);
        WeightLimits limits = WeightLimits.Of(layer, weights, scales, reduceRange);
        // A MatMul has no bias to correct.
        if (inputMeans is null || layer.Node.OpType == "MatMul")
            return Rounded(layer, weights, layer.Bias?.ToFloats(), scales, inputScale, limits);
        double[] correction = Correction(layer, weights, Round(layer, weights, scales, limits), scales, inputMeans);
        float[] bias = layer.Bias?.ToFloats() ?? new float[layer.Channels];
        return Rounded(layer, weights, [.. bias.Select((b, c) => (float)(b + correction[c]))], scales, inputScale, limits);
    }

    /// <summary>Rounds given weights and a given bias to these steps and limits.</summary>
    public QuantizedWeights Rounded(LayerWeights layer, float[] weights, float[]? bias, float inputScale) =>
        Rounded(layer, weights, bias, Scales, inputScale, Limits);

    private static QuantizedWeights Rounded(
        LayerWeights layer,
        float[] weights,
        float[]? bias,
        float[] scales,
        float inputScale,
        WeightLimits limits
    ) =>
        new(
            Round(layer, weights, scales, limits),
            scales,
            bias is null
                ? null
                :
                [
                    .. bias.Select(
                        (b, c) =>
                            (int)
                                Math.Clamp(
                                    Math.Round(b / ((double)inputScale * scales[scales.Length > 1 ? c : 0])),
                                    int.MinValue,
                                    int.MaxValue
                                )
                    ),
                ],
            limits
        );

    /// <summary>The numbers as a graph's constant.</summary>
    /// <param name="name">The constant's name.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="type">Their 8-bit type.</param>
    public OnnxTensor NumbersTensor(string name, ReadOnlySpan<long> shape, QuantizedType type) => ToTensor(name, shape, type, Numbers);

    /// <summary>The zero points for a number of scales.</summary>
    /// <param name="name">The constant's name.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="type">The type of the numbers.</param>
    public static OnnxTensor ZeroPoints(string name, ReadOnlySpan<long> shape, QuantizedType type)
    {
        int count = 1;
        foreach (long size in shape)
            count *= (int)size;
        return ToTensor(name, shape, type, new sbyte[count]);
    }

    private static OnnxTensor ToTensor(string name, ReadOnlySpan<long> shape, QuantizedType type, sbyte[] numbers)
    {
        const int unsignedZero = 128;
        bool isUnsigned = type == QuantizedType.UInt8;
        return new OnnxTensor(
            name,
            isUnsigned ? OnnxElementType.UInt8 : OnnxElementType.Int8,
            shape.ToArray(),
            Array.ConvertAll(numbers, n => (byte)(isUnsigned ? n + unsignedZero : n))
        );
    }

    /// <summary>The float values that the quantized bias represents.</summary>
    /// <param name="inputScale">The step of the layer's input.</param>
    public float[]? BiasValues(float inputScale) =>
        Bias is null ? null : [.. Bias.Select((b, c) => (float)(b * (double)inputScale * Scales[Scales.Length > 1 ? c : 0]))];

    private static sbyte[] Round(LayerWeights layer, float[] weights, float[] scales, WeightLimits limits)
    {
        var numbers = new sbyte[weights.Length];
        (int inner, int channels) = (layer.InnerSize, layer.Channels);
        for (int i = 0; i < weights.Length; i++)
            numbers[i] = (sbyte)
                Math.Clamp(MathF.Round(weights[i] / scales[scales.Length > 1 ? i / inner % channels : 0]), limits.Low(i), limits.High(i));
        return numbers;
    }

    private static float[] ChooseScales(LayerWeights layer, float[] weights, float inputScale, bool perChannel, bool reduceRange)
    {
        float[] steps = WeightLimits.Steps(layer, weights, reduceRange);
        float whole = steps.Max();
        if (whole == 0)
            whole = 1;
        if (!perChannel)
            Array.Fill(steps, whole);
        float[] bias = layer.Bias?.ToFloats() ?? new float[layer.Channels];
        for (int c = 0; c < steps.Length; c++)
        {
            // A channel of zeros still has a bias, whose step its scale is.
            if (steps[c] == 0)
                steps[c] = whole;
            steps[c] = Math.Max(steps[c], (float)(Math.Abs(bias[c]) / (BiasLimit * inputScale)));
        }
        return perChannel ? steps : [steps.Max()];
    }

    /// <summary>The correction of each output channel's bias for the mean error that rounding the weights causes.</summary>
    private static double[] Correction(LayerWeights layer, float[] weights, sbyte[] numbers, float[] scales, double[] inputMeans)
    {
        var correction = new double[layer.Channels];
        int groups = layer.Node.OpType == "Conv" ? (int)layer.Node.Int("group", 1) : 1;
        bool isConv = layer.Node.OpType == "Conv";
        int inputs = isConv ? (int)layer.Weight.Shape[1] : (int)layer.Weight.Shape[1 - layer.Axis];
        int kernel = isConv ? (int)layer.Weight.Shape.Skip(2).Aggregate(1L, (a, b) => a * b) : 1;
        int inner = layer.InnerSize;
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = i / inner % correction.Length;
            int input =
                isConv ? i / kernel % inputs + channel / (correction.Length / groups) * inputs
                : layer.Axis == 0 ? i % inputs
                : i / correction.Length;
            double error = weights[i] - (double)numbers[i] * scales[scales.Length > 1 ? channel : 0];
            correction[channel] += error * inputMeans[input];
        }
        return correction;
    }
}
