using System.Numerics.Tensors;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Learning-rate multipliers of a backbone's weights for an update rule whose steps are about as large as the rate, whatever the gradient
/// (Adam and its like). Weights of a rms of 0.03, as networks with norms have them, bear steps of 2e-4; where a norm has been folded into
/// its convolution, the weights of a channel may be a hundred times smaller, and the same steps replace them by noise within an epoch.
/// </summary>
internal static class BackboneRates
{
    /// <summary>The largest step, as a fraction of the weights' size.</summary>
    private const double LargestStep = 0.01;

    private const double Smallest = 1.0 / 1024;

    /// <param name="weights">A parameter of more than one dimension.</param>
    /// <param name="rate">The highest learning rate.</param>
    /// <returns>1, or a power of two below it: equal multipliers are updated together.</returns>
    public static float Of(OnnxTensor weights, float rate)
    {
        int channels = (int)weights.Shape[0];
        ReadOnlySpan<float> values = weights.ToFloats();
        if (channels == 0 || values.IsEmpty)
            return 1;
        int size = values.Length / channels;
        float[] sizes = new float[channels];
        for (int channel = 0; channel < channels; channel++)
            sizes[channel] = TensorPrimitives.Norm(values.Slice(channel * size, size)) / MathF.Sqrt(size);
        Array.Sort(sizes);
        // Channels that are zero do nothing; of the others a quarter may change faster.
        int dead = Array.FindIndex(sizes, s => s > 1e-12f);
        if (dead < 0)
            return 1;
        double scale = LargestStep * sizes[dead + (channels - dead) / 4] / rate;
        return scale >= 1 ? 1 : (float)Math.Max(Smallest, Math.Pow(2, Math.Floor(Math.Log2(scale))));
    }
}
