namespace MLNetExtensions.Tool.Data;

/// <summary>Lines of CSV (RFC 4180).</summary>
internal static class Csv
{
    public static string Line(params IEnumerable<string> fields) => string.Join(',', fields.Select(Field));

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text.Trim() == text ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
