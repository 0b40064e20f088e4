using System.Text.Json;

namespace MLNetExtensions.TestData;

/// <summary>Reads JSON files of <c>tests/Golden</c>.</summary>
internal static class GoldenJson
{
    /// <summary>The root of a file.</summary>
    public static JsonElement Read(params string[] parts) => JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf(parts))).RootElement;

    /// <summary>A list of numbers, or the data of an array with a shape.</summary>
    public static float[] Singles(this JsonElement element) =>
        [.. Items(element).Select(number => number.ValueKind == JsonValueKind.Null ? float.NaN : number.GetSingle())];

    /// <inheritdoc cref="Singles"/>
    public static double[] Doubles(this JsonElement element) =>
        [.. Items(element).Select(number => number.ValueKind == JsonValueKind.Null ? double.NaN : number.GetDouble())];

    /// <summary>The shape of an array with one.</summary>
    public static long[] Shape(this JsonElement element) =>
        [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    private static IEnumerable<JsonElement> Items(JsonElement element) =>
        (element.ValueKind == JsonValueKind.Array ? element : element.GetProperty("data")).EnumerateArray();
}
