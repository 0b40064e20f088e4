using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetExtensions.Training.Privacy;

/// <summary>Normal draws from the system's cryptographic source, or from a seed.</summary>
/// <param name="seed">The seed; null for the system's source.</param>
internal sealed class GaussianNoise(int? seed)
{
    private readonly Random? _random = seed is { } value ? new Random(value) : null;
    private readonly ulong[] _bits = new ulong[1024];

    /// <summary>Fills a span with draws of mean 0 and a standard deviation.</summary>
    public void Fill(Span<float> values, double deviation)
    {
        for (int start = 0; start < values.Length; start += _bits.Length)
        {
            Span<float> part = values.Slice(start, Math.Min(_bits.Length, values.Length - start));
            Span<ulong> bits = _bits.AsSpan(0, (part.Length + 1) / 2 * 2);
            if (_random is null)
                RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(bits));
            else
                _random.NextBytes(MemoryMarshal.AsBytes(bits));
            // Box and Muller: two uniform numbers make two normal ones. The first one is never 0.
            for (int i = 0; i < bits.Length; i += 2)
            {
                double radius = deviation * Math.Sqrt(-2 * Math.Log(((bits[i] >> 11) + 1) * (1.0 / (1UL << 53))));
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((bits[i + 1] >> 11) * (1.0 / (1UL << 53))));
                part[i] = (float)(radius * cosine);
                if (i + 1 < part.Length)
                    part[i + 1] = (float)(radius * sine);
            }
        }
    }
}
