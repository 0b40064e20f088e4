namespace MLNetExtensions.Explanation.Pixels;

/// <summary>Draws that depend on a seed, an image and a sample, not on batches.</summary>
internal static class Draws
{
    /// <summary>A seed for a sample of an image.</summary>
    public static int Seed(int seed, long row, int sample = 0)
    {
        // SplitMix64, by which neighboring numbers have nothing in common.
        ulong mixed = unchecked(((ulong)(uint)seed << 32) + ((ulong)row * 0x9E3779B97F4A7C15) + ((ulong)(uint)sample * 0xD1B54A32D192ED03));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return (int)((mixed ^ (mixed >> 31)) & int.MaxValue);
    }

    /// <summary>A normally distributed number, by Box and Muller.</summary>
    public static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
