using System.Text.Json;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>Values that may be absent, or of another kind.</summary>
internal static class JsonElementExtensions
{
    public static JsonElement? Property(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty(name, out JsonElement found)
        && found.ValueKind != JsonValueKind.Null
            ? found
            : null;

    public static string? Text(this JsonElement value, string name) =>
        value.Property(name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    public static int? Whole(this JsonElement value, string name) =>
        value.Property(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out int number) ? number : null;

    public static double? Number(this JsonElement value, string name) =>
        value.Property(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out double number) ? number : null;
}
