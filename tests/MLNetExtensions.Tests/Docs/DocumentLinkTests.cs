using System.Text.RegularExpressions;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

/// <summary>Links of the documents lead to files and headings that are there.</summary>
public sealed partial class DocumentLinkTests
{
    public static TheoryData<string> Documents =>
        [
            .. Directory
                .EnumerateFiles(SharedData.RepositoryRoot, "*.md")
                .Concat(Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "docs"), "*.md"))
                .Concat(Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "samples"), "*.md", SearchOption.AllDirectories))
                .Select(file => Path.GetRelativePath(SharedData.RepositoryRoot, file))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string file = Path.Combine(SharedData.RepositoryRoot, document);
        string text = CodeBlocks().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), "");

        Assert.All(
            Links().Matches(text).Select(m => m.Groups["target"].Value).Where(t => !t.StartsWith("http", StringComparison.Ordinal)),
            target =>
            {
                string[] parts = target.Split('#');
                string path = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
                Assert.True(Path.Exists(path), $"{document} links to '{target}', which is not there.");
                if (parts.Length > 1)
                    Assert.Contains(parts[1], Anchors(path));
            }
        );
    }

    // As GitHub and docfx name headings.
    private static IEnumerable<string> Anchors(string file) =>
        Headings()
            .Matches(CodeBlocks().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), ""))
            .Select(m => NotInAnchors().Replace(m.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
