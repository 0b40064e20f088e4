using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

/// <summary>Markdown tables have a row a line and a cell a column, in documents and in the comments of public members.</summary>
public sealed class DocumentTableTests
{
    public static TheoryData<string> Files =>
        [
            .. Find("", "*.md", SearchOption.TopDirectoryOnly)
                .Concat(Find("docs", "*.md", SearchOption.TopDirectoryOnly))
                .Concat(Find("src", "*.cs", SearchOption.AllDirectories).Where(HasTable))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Rows_of_tables_are_whole(string name)
    {
        int columns = 0;
        string before = "";
        foreach (string line in File.ReadLines(Path.Combine(SharedData.RepositoryRoot, name)).Select(Text))
        {
            if (IsSeparator(line))
            {
                columns = Cells(line);
                Assert.True(Cells(before) == columns, $"{name}: the head '{before}' has not the {columns} columns of the line below it.");
            }
            else if (line.Length == 0)
                columns = 0;
            else if (columns > 0)
                Assert.True(
                    line.StartsWith('|') && line.EndsWith('|') && Cells(line) == columns,
                    $"{name}: '{line}' is not a row of {columns} cells. A row stands in one line."
                );
            before = line;
        }
    }

    private static IEnumerable<string> Find(string folder, string pattern, SearchOption option) =>
        Directory
            .EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, folder), pattern, option)
            .Select(file => Path.GetRelativePath(SharedData.RepositoryRoot, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static bool HasTable(string file) =>
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file)).Contains("/// | --", StringComparison.Ordinal);

    private static string Text(string line)
    {
        line = line.Trim();
        return line.StartsWith("///", StringComparison.Ordinal) ? line[3..].Trim() : line;
    }

    private static bool IsSeparator(string line) =>
        line.StartsWith('|') && line.Contains("--", StringComparison.Ordinal) && line.All("|-: ".Contains);

    /// <summary>Bars within code or behind a backslash are text.</summary>
    private static int Cells(string line)
    {
        int bars = 0;
        bool code = false;
        for (int i = 0; i < line.Length; i++)
        {
            code ^= line[i] == '`';
            bars += line[i] == '|' && !code && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
        }
        return bars - 1;
    }
}
