using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Makes the writer for a file's extension.</summary>
internal static class PredictionWriters
{
    /// <exception cref="UsageException">The extension is none of .csv, .json, .jsonl.</exception>
    public static IPredictionWriter Create(TextWriter writer, string? file, bool json, int top) =>
        ExtensionOf(file, json) switch
        {
            ".csv" => new CsvPredictionWriter(writer, top),
            string extension => new JsonPredictionWriter(writer, isArray: extension == ".json"),
        };

    /// <summary>The extension that says the format: .csv, .json or .jsonl.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static string ExtensionOf(string? file, bool json) =>
        file is null ? (json ? ".json" : ".csv")
        : Path.GetExtension(file).ToLowerInvariant() is var extension and (".csv" or ".json" or ".jsonl") ? extension
        : throw new UsageException($"--output ends with '{Path.GetExtension(file)}'; it must be .csv, .json or .jsonl.");
}
