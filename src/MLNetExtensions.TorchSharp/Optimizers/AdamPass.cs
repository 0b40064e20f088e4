using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetExtensions.TorchSharp.Optimizers;

/// <summary>
/// An Adam step in a single pass over the processor's memory: in vector operations of libtorch it is nine, and each reads and writes
/// everything again.
/// </summary>
internal static class AdamPass
{
    /// <summary>The values that a thread does at least: below, starting a second one costs more than it saves.</summary>
    private const int ValuesPerThread = 1 << 18;

    /// <summary>The numbers that the pass needs besides the tensors.</summary>
    /// <param name="Beta1">The decay of the mean.</param>
    /// <param name="Beta2">The decay of the mean square.</param>
    /// <param name="Epsilon">Added to the root.</param>
    /// <param name="Decay">Weight decay: a gradient's part (L2).</param>
    /// <param name="Keep">The factor of a weight before its update (decoupled decay).</param>
    /// <param name="Rate">The learning rate over the mean's bias correction.</param>
    /// <param name="RootScale">One over the root of the square's bias correction.</param>
    public readonly record struct Factors(float Beta1, float Beta2, float Epsilon, float Decay, float Keep, float Rate, float RootScale);

    /// <summary>Updates contiguous float tensors of one size in place; the gradients stay.</summary>
    public static unsafe void Run(Tensor values, Tensor gradients, Tensor mean, Tensor square, Factors factors)
    {
        int count = checked((int)values.numel());
        fixed (
            float* v = Floats(values),
                g = Floats(gradients),
                m = Floats(mean),
                s = Floats(square)
        )
        {
            int parts = Math.Clamp(count / ValuesPerThread, 1, torch.get_num_threads());
            if (parts == 1)
            {
                Update(v, g, m, s, count, factors);
                return;
            }
            nint pv = (nint)v,
                pg = (nint)g,
                pm = (nint)m,
                ps = (nint)s;
            int size = (count / parts + 15) / 16 * 16;
            Parallel.For(
                0,
                parts,
                new ParallelOptions { MaxDegreeOfParallelism = parts },
                part =>
                {
                    int start = part * size,
                        length = Math.Min(size, count - start);
                    if (length > 0)
                        Update((float*)pv + start, (float*)pg + start, (float*)pm + start, (float*)ps + start, length, factors);
                }
            );
        }
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static unsafe void Update(float* values, float* gradients, float* mean, float* square, int count, Factors f)
    {
        int i = 0;
        var beta1 = new Vector<float>(f.Beta1);
        var rest1 = new Vector<float>(1 - f.Beta1);
        var beta2 = new Vector<float>(f.Beta2);
        var rest2 = new Vector<float>(1 - f.Beta2);
        var epsilon = new Vector<float>(f.Epsilon);
        var decay = new Vector<float>(f.Decay);
        var keep = new Vector<float>(f.Keep);
        var rate = new Vector<float>(f.Rate);
        var rootScale = new Vector<float>(f.RootScale);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> v = Vector.Load(values + i),
                g = Vector.Load(gradients + i) + decay * v;
            Vector<float> m = beta1 * Vector.Load(mean + i) + rest1 * g,
                s = beta2 * Vector.Load(square + i) + rest2 * (g * g);
            Vector.Store(m, mean + i);
            Vector.Store(s, square + i);
            Vector.Store(keep * v - rate * m / (Vector.SquareRoot(s) * rootScale + epsilon), values + i);
        }
        for (; i < count; i++)
        {
            float g = gradients[i] + f.Decay * values[i];
            mean[i] = f.Beta1 * mean[i] + (1 - f.Beta1) * g;
            square[i] = f.Beta2 * square[i] + (1 - f.Beta2) * (g * g);
            values[i] = f.Keep * values[i] - f.Rate * mean[i] / (MathF.Sqrt(square[i]) * f.RootScale + f.Epsilon);
        }
    }
}
