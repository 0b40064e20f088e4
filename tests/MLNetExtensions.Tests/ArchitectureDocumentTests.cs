using System.Text.RegularExpressions;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests;

public partial class ArchitectureDocumentTests
{
    public static TheoryData<string> Documents => [.. new[] { "docs/architecture.md", "CONTRIBUTING.md", "README.md" }];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Files_and_folders_that_a_document_names_are_there(string document)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, document));

        string[] missing =
        [
            .. Named()
                .Matches(text)
                .Select(m => m.Groups["path"].Value)
                .Distinct()
                .Where(path =>
                    !path.EndsWith("/Foo.cs", StringComparison.Ordinal) && !path.Contains("MLNetExtensions.Bar", StringComparison.Ordinal)
                )
                .Where(path => !Path.Exists(Path.Combine(SharedData.RepositoryRoot, path))),
        ];

        Assert.Empty(missing);
    }

    [GeneratedRegex("`(?<path>(src|tests|docs|samples|pretrained)/[^`*{}]+)`")]
    private static partial Regex Named();
}
