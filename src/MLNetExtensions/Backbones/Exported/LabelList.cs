using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNetExtensions.Backbones.Exported;

/// <summary>Names of classes from where they are found: a list, a file, a model's metadata.</summary>
internal static partial class LabelList
{
    // The key in Ultralytics' exports: a Python dictionary from number to name.
    private const string UltralyticsKey = "names";

    /// <summary>The labels that a caller or the model gives; null if there are none.</summary>
    /// <param name="labels">Those of a caller.</param>
    /// <param name="file">A caller's file of labels.</param>
    /// <param name="metadata">The model's metadata.</param>
    /// <param name="source">The model's name, for messages.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file or the metadata hold no list of labels.</exception>
    public static IReadOnlyList<string>? Find(
        IReadOnlyList<string>? labels,
        string? file,
        IReadOnlyDictionary<string, string> metadata,
        string source
    )
    {
        if (labels is not null)
            return labels;
        if (file is not null)
            return ReadFile(file);
        if (metadata.TryGetValue(ScoringMetadata.LabelsKey, out string? json))
            return NotEmpty(json, $"{source}, metadata '{ScoringMetadata.LabelsKey}',");
        return metadata.TryGetValue(UltralyticsKey, out string? names) ? ReadDictionary(names) : null;
    }

    /// <summary>Reads a JSON array of labels.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Its source, for messages.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static string[] ReadJson(string json, string source)
    {
        string[]? labels;
        try
        {
            labels = JsonSerializer.Deserialize(json, LabelsJson.Default.StringArray);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source} cannot be read as a JSON array of texts: {e.Message}", e);
        }
        return labels is not null && !labels.Contains(null)
            ? labels
            : throw new InvalidDataException($"{source} is not a JSON array of texts without nulls.");
    }

    /// <summary>Reads a file: a JSON array of texts, or a label a line.</summary>
    private static IReadOnlyList<string> ReadFile(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file of labels at '{Path.GetFullPath(path)}'.", path);
        string text = File.ReadAllText(path);
        if (text.AsSpan().TrimStart().StartsWith("["))
            return NotEmpty(text, $"'{path}'");
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        int empty = Array.FindIndex(lines, string.IsNullOrWhiteSpace);
        return empty < 0
            ? [.. lines.Select(line => line.Trim())]
            : throw new InvalidDataException(
                $"'{path}', line {empty + 1}, is empty: expected a label in each line, in the order of the model's output."
            );
    }

    private static string[] NotEmpty(string json, string source) =>
        ReadJson(json, source) is { Length: > 0 } labels
            ? labels
            : throw new InvalidDataException($"{source} is an empty JSON array, expected a label for each class.");

    private static string[]? ReadDictionary(string text)
    {
        string[] names =
        [
            .. Entry()
                .Matches(text)
                .OrderBy(m => int.Parse(m.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture))
                .Select(m => m.Groups["name"].Value),
        ];
        return names.Length > 0 ? names : null;
    }

    [GeneratedRegex(
        """(?<number>\d{1,6}):\s*(?<quote>['"])(?<name>.*?)\k<quote>\s*(?=[,}])""",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Entry();
}
