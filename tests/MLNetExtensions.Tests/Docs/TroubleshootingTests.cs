using System.Text.RegularExpressions;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

/// <summary>docs/troubleshooting.md quotes messages as the sources have them.</summary>
public sealed partial class TroubleshootingTests
{
    // ML.NET's and .NET's own.
    private static readonly string[] Foreign =
    [
        "Schema mismatch for input column",
        "Could not find input column",
        "Could not load file or assembly",
    ];

    [Fact]
    public void Messages_are_those_of_the_sources()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "troubleshooting.md"));
        string sources = string.Join(
            '\n',
            Directory
                .EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
                .Select(file => Seams().Replace(File.ReadAllText(file), ""))
        );

        string[] quoted =
        [
            .. Rows().Matches(page).SelectMany(row => Quotes().Matches(row.Groups["message"].Value)).Select(q => q.Groups["text"].Value),
        ];

        Assert.True(quoted.Length > 15);
        Assert.DoesNotContain(quoted, text => !Foreign.Any(text.StartsWith) && !sources.Contains(text.Trim(), StringComparison.Ordinal));
    }

    // Where a long message is continued on the next line.
    [GeneratedRegex("""("\s*\+\s*\$?"|\{[^{}"]*\} ?)""")]
    private static partial Regex Seams();

    [GeneratedRegex(@"^\| (?<message>`.*?) \| ", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quotes();
}
