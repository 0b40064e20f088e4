namespace MLNetExtensions.Training;

/// <summary>
/// Seeds of the parts of a run. Unlike <see cref="HashCode"/>, the same in every process: a resumed run draws what the first one would
/// have.
/// </summary>
internal static class RunSeed
{
    /// <summary>The seed of one part, such as an epoch.</summary>
    public static int Of(int seed, int part)
    {
        // SplitMix64's finalizer (doi 10.1145/2660193.2660195): neighboring parts get unrelated seeds.
        ulong bits = (((ulong)(uint)seed << 32) | (uint)part) + 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return (int)(bits ^ (bits >> 31));
    }
}
