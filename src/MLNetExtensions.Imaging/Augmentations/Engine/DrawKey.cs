namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// The key of a random draw: seed, epoch, row, and the path to an operation in its policy, hashed into 64 bits. Draws are functions of the
/// key alone, so they do not depend on threads, batches or earlier draws.
/// </summary>
internal readonly record struct DrawKey(ulong Value)
{
    // 2^64 divided by the golden ratio, SplitMix64's increment.
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The key of one image in one epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The image's row in the data view, from 0.</param>
    public static DrawKey For(ulong seed, long epoch, long row) =>
        new(Mix(Mix(Mix(seed + Step) + (ulong)epoch + Step) + (ulong)row + Step));

    /// <summary>The key of a part of this operation.</summary>
    public DrawKey Child(int index) => new(Mix(Value ^ Mix((ulong)index + Step)));

    /// <summary>The numbers that belong to this key.</summary>
    public KeyedRandom Open() => new(Value);

    /// <summary>
    /// The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; variant 13 of Stafford): a bijection that passes on every bit to all
    /// others.
    /// </summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
