using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

public sealed class OptionDocumentTests
{
    private const string Switch = "MLNETX_WRITE_DOCS";

    [Fact]
    public void The_page_of_options_is_what_the_comments_say()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "options.md"),
            expected = OptionDocument.Write();
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, expected);

        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == expected,
            $"docs/options.md is not what the options' comments say. Write it with\n{Switch}=1 dotnet run -c Release "
                + "--project tests/MLNetExtensions.Tests -- -class '*OptionDocumentTests'"
        );
    }
}
