using System.Text.Json;

namespace FirstModel;

/// <summary>A notebook of .NET Interactive.</summary>
internal static class Notebook
{
    /// <summary>The code cells, one after the other. A cell that ends in an expression, which a notebook shows, prints it.</summary>
    public static string ToProgram(string json)
    {
        string[][] cells =
        [
            .. JsonDocument
                .Parse(json)
                .RootElement.GetProperty("cells")
                .EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())).Split('\n'))
                .Select(lines => lines.Where(line => !line.StartsWith("#r ", StringComparison.Ordinal)).ToArray())
                .Where(lines => lines.Length > 0),
        ];
        IEnumerable<string> usings = cells.SelectMany(lines => lines.Where(IsUsing));
        IEnumerable<string> code = cells.SelectMany(lines => Statements([.. lines.Where(line => !IsUsing(line))]));
        return string.Join('\n', usings.Concat(code));
    }

    private static IEnumerable<string> Statements(string[] lines) =>
        lines[^1].EndsWith(';') || lines[^1].EndsWith('}') ? lines : [.. lines[..^1], $"Console.WriteLine({lines[^1]});"];

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=');
}
