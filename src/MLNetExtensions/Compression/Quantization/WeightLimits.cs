namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Between which numbers each weight of a layer stays. Where the range is reduced, no two weights of an output channel that have the same
/// sign are together beyond <see cref="PairLimit"/>: processors that add two products of an unsigned activation and a signed weight in 16
/// bits then never overflow (255 * 128 = 32,640), whichever two they add. One weight alone may so be larger than half of that, if the
/// others of its sign are smaller.
/// </summary>
internal sealed class WeightLimits
{
    /// <summary>The largest weight.</summary>
    private const int Limit = sbyte.MaxValue;

    /// <summary>The largest sum of two weights of the same sign, where the range is reduced.</summary>
    private const int PairLimit = 128;

    private readonly Largest[]? _positive;
    private readonly Largest[]? _negative;
    private readonly int _inner;
    private readonly int _channels;

    private WeightLimits(Largest[]? positive, Largest[]? negative, int inner, int channels) =>
        (_positive, _negative, _inner, _channels) = (positive, negative, inner, channels);

    /// <summary>True if the range is reduced, so that weights do not use all 8 bits.</summary>
    public bool IsReduced => _positive is not null;

    /// <summary>The processors on which products of unsigned activations with such weights do not overflow.</summary>
    public static string Processors(QuantizedType weightType, bool reduceRange) =>
        reduceRange || weightType == QuantizedType.UInt8
            ? "any"
            : "x64 with VNNI, ARM64; with AVX2 alone pairs of products overflow (ReduceRange keeps them from it)";

    /// <summary>The smallest step of each channel with which its weights fit.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="reduceRange">True if the range is reduced.</param>
    public static float[] Steps(LayerWeights layer, float[] weights, bool reduceRange)
    {
        (Largest[] positive, Largest[] negative) = Find(layer, weights);
        return [.. positive.Zip(negative, (p, n) => Math.Max(Step(p), Step(n)))];

        float Step(Largest largest) => Math.Max(largest.First / Limit, reduceRange ? (largest.First + largest.Second) / PairLimit : 0);
    }

    /// <summary>The limits of weights in given steps.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="scales">The step of each channel, or of all.</param>
    /// <param name="reduceRange">True if the range is reduced.</param>
    public static WeightLimits Of(LayerWeights layer, float[] weights, float[] scales, bool reduceRange)
    {
        if (!reduceRange)
            return new WeightLimits(null, null, layer.InnerSize, layer.Channels);
        (Largest[] positive, Largest[] negative) = Find(layer, weights);
        return new WeightLimits(InSteps(positive), InSteps(negative), layer.InnerSize, layer.Channels);

        Largest[] InSteps(Largest[] found) =>
            [
                .. found.Select(
                    (l, c) =>
                    {
                        // The others lack the share that the largest has above half.
                        float first = Math.Clamp(MathF.Round(l.First / scales[scales.Length > 1 ? c : 0]), PairLimit / 2, Limit);
                        return new Largest(l.Index, first, PairLimit - first);
                    }
                ),
            ];
    }

    /// <summary>The lowest number of a weight.</summary>
    public int Low(int weight) => -Bound(_negative, weight);

    /// <summary>The highest number of a weight.</summary>
    public int High(int weight) => Bound(_positive, weight);

    private int Bound(Largest[]? largest, int weight)
    {
        if (largest is null)
            return Limit;
        Largest channel = largest[weight / _inner % _channels];
        return (int)(channel.Index == weight ? channel.First : channel.Second);
    }

    /// <summary>The largest weights of each channel, of each sign.</summary>
    private static (Largest[] Positive, Largest[] Negative) Find(LayerWeights layer, float[] weights)
    {
        (int inner, int channels) = (layer.InnerSize, layer.Channels);
        Largest[] positive = new Largest[channels],
            negative = new Largest[channels];
        for (int i = 0; i < weights.Length; i++)
        {
            Largest[] sign = weights[i] < 0 ? negative : positive;
            ref Largest channel = ref sign[i / inner % channels];
            float size = Math.Abs(weights[i]);
            if (size > channel.First)
                channel = new Largest(i, size, channel.First);
            else if (size > channel.Second)
                channel = channel with { Second = size };
        }
        return (positive, negative);
    }

    /// <param name="Index">The index of the largest weight.</param>
    /// <param name="First">Its size.</param>
    /// <param name="Second">The size of the next.</param>
    private readonly record struct Largest(int Index, float First, float Second);
}
