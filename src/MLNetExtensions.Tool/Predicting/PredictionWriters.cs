using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Makes the writer for a file's extension.</summary>
internal static class PredictionWriters
{
    /// <exception cref="UsageException">The extension is none of .csv, .json, .jsonl.</exception>
    public static IPredictionWriter Create(TextWriter writer, string? file, bool json, int top) =>
        (file is null ? (json ? ".json" : ".csv") : Path.GetExtension(file).ToLowerInvariant()) switch
        {
            ".csv" => new CsvPredictionWriter(writer, top),
            ".json" => new JsonPredictionWriter(writer, isArray: true),
            ".jsonl" => new JsonPredictionWriter(writer, isArray: false),
            string other => throw new UsageException($"--output ends with '{other}'; it must be .csv, .json or .jsonl."),
        };
}
