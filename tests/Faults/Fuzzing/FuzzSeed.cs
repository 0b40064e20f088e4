namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The input of a seed: the same on every machine. Negative seeds are the corpus, whose first input is -1.</summary>
internal static class FuzzSeed
{
    /// <summary>The environment variable with a folder whose files are the corpus in place of the format's own.</summary>
    public const string FolderVariable = "MLNETX_FUZZ_CORPUS";

    private const long LargestFile = 128 << 10;

    private static byte[][]? _files;

    /// <summary>The inputs that mutations begin with.</summary>
    public static IReadOnlyList<byte[]> Corpus(IFuzzFormat format)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return format.Corpus;
        return _files ??= [
            .. Directory
                .EnumerateFiles(folder, "*" + format.Extension, SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length <= LargestFile)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
        ];
    }

    public static byte[] Input(IFuzzFormat format, long seed)
    {
        if (seed < 0)
            return Corpus(format)[(int)~seed];
        var random = new Random((int)(seed % int.MaxValue));
        IReadOnlyList<byte[]> corpus = Corpus(format);
        byte[] input = corpus[random.Next(corpus.Count)];
        // Most damage is single; more at once reaches what lies behind the first check.
        for (int times = random.Next(8) < 5 ? 1 : random.Next(2, 6); times > 0; times--)
            input = format.Mutate(input, random);
        return input;
    }
}
