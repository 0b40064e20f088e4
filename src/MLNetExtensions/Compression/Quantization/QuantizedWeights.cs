using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Signed 8-bit weights around zero, with a scale for each output channel or one for all.</summary>
/// <param name="Numbers">The weights as numbers, in the order of the weight.</param>
/// <param name="Scales">The step of each channel, or of all.</param>
/// <param name="Bias">The bias in steps of its channel's products; null where there is none.</param>
internal sealed record QuantizedWeights(sbyte[] Numbers, float[] Scales, int[]? Bias)
{
    /// <summary>The largest bias in steps; beyond, the channel's step is made coarser.</summary>
    private const double BiasLimit = 1 << 30;

    /// <summary>Quantizes a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputScale">The step of the layer's input.</param>
    /// <param name="inputMeans">The mean of each channel of its input, by which the bias is corrected; null leaves the bias.</param>
    /// <param name="perChannel">Whether each channel has its scale.</param>
    /// <param name="reduceRange">Whether the weights have 7 bits.</param>
    public static QuantizedWeights Of(LayerWeights layer, float inputScale, double[]? inputMeans, bool perChannel, bool reduceRange)
    {
        float[] weights = layer.Weight.ToFloats();
        float[] scales = ChooseScales(layer, weights, inputScale, perChannel, Limit(reduceRange));
        // A MatMul has no bias to correct.
        if (inputMeans is null || layer.Node.OpType == "MatMul")
            return Rounded(layer, weights, layer.Bias?.ToFloats(), scales, inputScale, reduceRange);
        double[] correction = Correction(layer, weights, Round(layer, weights, scales, Limit(reduceRange)), scales, inputMeans);
        float[] bias = layer.Bias?.ToFloats() ?? new float[layer.Channels];
        return Rounded(layer, weights, [.. bias.Select((b, c) => (float)(b + correction[c]))], scales, inputScale, reduceRange);
    }

    /// <summary>Rounds given weights and a given bias to given steps.</summary>
    public static QuantizedWeights Rounded(LayerWeights layer, float[] weights, float[]? bias, float[] scales, float inputScale, bool reduceRange) => new(
        Round(layer, weights, scales, Limit(reduceRange)), scales,
        bias is null ? null : [.. bias.Select((b, c) => (int)Math.Clamp(Math.Round(b / ((double)inputScale * scales[scales.Length > 1 ? c : 0])), int.MinValue, int.MaxValue))]);

    /// <summary>What the bias stands for.</summary>
    /// <param name="inputScale">The step of the layer's input.</param>
    public float[]? BiasValues(float inputScale) => Bias is null ? null : [.. Bias.Select((b, c) => (float)(b * (double)inputScale * Scales[Scales.Length > 1 ? c : 0]))];

    private static int Limit(bool reduceRange) => reduceRange ? 63 : 127;

    private static sbyte[] Round(LayerWeights layer, float[] weights, float[] scales, int limit)
    {
        var numbers = new sbyte[weights.Length];
        (int inner, int channels) = (Inner(layer), layer.Channels);
        for (int i = 0; i < weights.Length; i++)
            numbers[i] = (sbyte)Math.Clamp(MathF.Round(weights[i] / scales[scales.Length > 1 ? i / inner % channels : 0]), -limit, limit);
        return numbers;
    }

    /// <summary>The number of weights after one another that are of the same output channel.</summary>
    private static int Inner(LayerWeights layer) => (int)layer.Weight.Shape.Skip(layer.Axis + 1).Aggregate(1L, (a, b) => a * b);

    private static float[] ChooseScales(LayerWeights layer, float[] weights, float inputScale, bool perChannel, int limit)
    {
        var largest = new float[layer.Channels];
        int inner = Inner(layer);
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = i / inner % largest.Length;
            largest[channel] = Math.Max(largest[channel], Math.Abs(weights[i]));
        }
        float whole = largest.Max();
        if (whole == 0)
            whole = limit;
        if (!perChannel)
            Array.Fill(largest, whole);
        float[] bias = layer.Bias?.ToFloats() ?? new float[layer.Channels];
        for (int c = 0; c < largest.Length; c++)
        {
            // A channel of zeros still has a bias, whose step its scale is.
            if (largest[c] == 0)
                largest[c] = whole;
            largest[c] = Math.Max(largest[c] / limit, (float)(Math.Abs(bias[c]) / (BiasLimit * inputScale)));
        }
        return perChannel ? largest : [largest.Max()];
    }

    /// <summary>What the rounding of weights takes from the mean of each output channel.</summary>
    private static double[] Correction(LayerWeights layer, float[] weights, sbyte[] numbers, float[] scales, double[] inputMeans)
    {
        var correction = new double[layer.Channels];
        int groups = layer.Node.OpType == "Conv" ? (int)layer.Node.Int("group", 1) : 1;
        bool isConv = layer.Node.OpType == "Conv";
        int inputs = isConv ? (int)layer.Weight.Shape[1] : (int)layer.Weight.Shape[1 - layer.Axis];
        int kernel = isConv ? (int)layer.Weight.Shape.Skip(2).Aggregate(1L, (a, b) => a * b) : 1;
        int inner = Inner(layer);
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = i / inner % correction.Length;
            int input = isConv ? i / kernel % inputs + channel / (correction.Length / groups) * inputs : layer.Axis == 0 ? i % inputs : i / correction.Length;
            double error = weights[i] - (double)numbers[i] * scales[scales.Length > 1 ? channel : 0];
            correction[channel] += error * inputMeans[input];
        }
        return correction;
    }
}
