using System.Text.Json;

namespace MLNetExtensions.Parquet;

/// <summary>
/// The names of a label column's classes in a file's metadata: key <c>huggingface</c>, a JSON object with
/// <c>info.features.COLUMN.names</c>.
/// </summary>
internal static class HuggingFaceClasses
{
    /// <summary>The names; null if the metadata have none.</summary>
    public static string[]? Of(IReadOnlyDictionary<string, string>? metadata, string column)
    {
        if (metadata is null || !metadata.TryGetValue("huggingface", out string? json))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement element = document.RootElement;
            foreach (string property in new[] { "info", "features", column, "names" })
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(property, out element))
                    return null;
            return element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(name => name.ToString())] : null;
        }
        catch (JsonException)
        {
            return null; // another tool's metadata under that name; the numbers serve
        }
    }
}
