using System.Globalization;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>
/// The process that reads the inputs, so that a crash, a hang or a full heap ends it and not the command. It says each finding in a line:
/// the seed, a tab, the words.
/// </summary>
internal static class FuzzWorker
{
    public const string Verb = "fuzz-worker";

    /// <param name="args">The format, the first seed, the number of seeds, the seconds, the worker's folder, the files instead of
    /// seeds.</param>
    public static int Run(string[] args)
    {
        IFuzzFormat format = FuzzFormats.Find(args[0]);
        long first = long.Parse(args[1], CultureInfo.InvariantCulture),
            count = long.Parse(args[2], CultureInfo.InvariantCulture);
        TimeSpan time = TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture));
        string folder = args[4];
        string[] files = args[5..];
        using var progress = new FuzzProgress(ProgressFile(folder)) { Seed = -1, Executions = 0 };
        // What is made once, and the first use of each reader, is no cost of an input.
        for (int i = 0; i < FuzzSeed.Corpus(format).Count; i++)
            if (FuzzOutcome.Of(format, new FuzzInput(format, FuzzSeed.Corpus(format)[i], folder)) is { } unfit && first == 0)
                Console.WriteLine($"{~i}\t{unfit}");

        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        for (long seed = first; seed < first + count && Environment.TickCount64 < end; seed++)
        {
            byte[] input = files.Length > 0 ? File.ReadAllBytes(files[seed]) : FuzzSeed.Input(format, seed);
            progress.Seed = seed;
            if (FuzzOutcome.Of(format, new FuzzInput(format, input, folder)) is { } finding)
                Console.WriteLine($"{seed}\t{finding}");
            progress.Executions++;
        }
        progress.Seed = long.MaxValue;
        return 0;
    }

    public static string ProgressFile(string folder) => Path.Combine(folder, "progress");
}
