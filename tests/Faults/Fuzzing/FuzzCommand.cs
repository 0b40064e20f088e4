using System.Globalization;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The command <c>fuzz</c>: mutated inputs of a format, or given files.</summary>
internal static class FuzzCommand
{
    /// <summary>The folder of what was found, which the repository ignores.</summary>
    private static readonly string FindingsFolder = Path.Combine("artifacts", "fuzz");

    public static int Run(string[] args)
    {
        string? name = null,
            file = null;
        long count = long.MaxValue / 2,
            first = 0;
        double seconds = TimeSpan.FromDays(1).TotalSeconds;
        bool isLimited = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--from" when i + 1 < args.Length:
                    first = long.Parse(args[++i], CultureInfo.InvariantCulture);
                    break;
                case "--seconds" when i + 1 < args.Length:
                    seconds = double.Parse(args[++i], CultureInfo.InvariantCulture);
                    isLimited = true;
                    break;
                case "--corpus" when i + 1 < args.Length:
                    Environment.SetEnvironmentVariable(FuzzSeed.FolderVariable, Path.GetFullPath(args[++i]));
                    break;
                case "--file" when i + 1 < args.Length:
                    file = args[++i];
                    isLimited = true;
                    break;
                case var text when name is null:
                    name = text;
                    break;
                case var text:
                    count = long.Parse(text, CultureInfo.InvariantCulture);
                    isLimited = true;
                    break;
            }
        }
        if (name is null || !isLimited)
        {
            Console.Error.WriteLine("Give a format (or all), and a number of seeds, --seconds S, or --file F.");
            return 2;
        }
        IFuzzFormat[] formats = name == "all" ? [.. FuzzFormats.All] : [FuzzFormats.Find(name)];
        long executions = 0,
            findings = 0;
        foreach (IFuzzFormat format in formats)
        {
            string[] files = file is null ? [] : FilesOf(file, format);
            if (file is not null && files.Length == 0)
                continue;
            if (format.Corpus.Count == 0)
            {
                Console.WriteLine($"{format.Name}: no input; what writes it is not on this machine");
                continue;
            }
            FuzzRun run = Run(
                format,
                files,
                first,
                files.Length > 0 ? files.Length : count,
                TimeSpan.FromSeconds(seconds / formats.Length)
            );
            if (format.Figure is not null)
                Console.WriteLine($"figure {format.Figure} {run.Findings}");
            executions += run.Executions;
            findings += run.Findings;
        }
        Console.WriteLine($"figure fuzz-executions {executions}");
        Console.WriteLine($"figure fuzz-findings {findings}");
        return findings == 0 ? 0 : 1;
    }

    private static FuzzRun Run(IFuzzFormat format, string[] files, long first, long count, TimeSpan time)
    {
        string folder = Directory.CreateTempSubdirectory("mlnetx-fuzz-").FullName;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            var run = new FuzzRun(format, folder, files, (seed, words) => Report(format, files, seed, words));
            run.Run(files.Length > 0 ? 0 : first, count, time);
            Console.WriteLine($"{format.Name}: {run.Executions} executions in {clock.Elapsed.TotalSeconds:0.0} s, {run.Findings} findings");
            return run;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(IFuzzFormat format, string[] files, long seed, string words)
    {
        if (files.Length > 0)
        {
            Console.WriteLine($"{format.Name}\t{files[seed]}\t{words}");
            return;
        }
        Directory.CreateDirectory(FindingsFolder);
        File.WriteAllBytes(Path.Combine(FindingsFolder, $"{format.Name}-{seed}{format.Extension}"), FuzzSeed.Input(format, seed));
        Console.WriteLine($"{format.Name}\t{seed}\t{words}");
    }

    private static string[] FilesOf(string path, IFuzzFormat format) =>
        Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, $"{format.Name}-*").Order(StringComparer.Ordinal)]
            : [Path.GetFullPath(path)];
}
