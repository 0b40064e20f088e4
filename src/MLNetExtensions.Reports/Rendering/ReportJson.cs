using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>Writes the JSON file of a report.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportContent))]
[JsonSerializable(typeof(ShownRows))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static byte[] Of(ReportContent content) => JsonSerializer.SerializeToUtf8Bytes(content, Default.ReportContent);

    /// <summary>The rows that the page's script shows. The default encoder leaves no character that could end a script element.</summary>
    public static string Of(ShownRows rows) => JsonSerializer.Serialize(rows, Compact.ShownRows);

    private static ReportJson Compact { get; } =
        new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = false });
}
