namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The input of a seed: the same on every machine. Negative seeds are the corpus, whose first input is -1.</summary>
internal static class FuzzSeed
{
    public static byte[] Input(IFuzzFormat format, long seed)
    {
        if (seed < 0)
            return format.Corpus[(int)~seed];
        var random = new Random((int)(seed % int.MaxValue));
        byte[] input = format.Corpus[random.Next(format.Corpus.Count)];
        // Most damage is single; more at once reaches what lies behind the first check.
        for (int times = random.Next(8) < 5 ? 1 : random.Next(2, 6); times > 0; times--)
            input = format.Mutate(input, random);
        return input;
    }
}
