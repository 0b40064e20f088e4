using MLNetExtensions.TestData;
using MLNetExtensions.Tool.Settings;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Docs;

/// <summary>docs/cli.md and docs/mlnetx-train.schema.json beside the command tree and the settings that they are written from.</summary>
public sealed class CliDocumentTests
{
    private const string Switch = "MLNETX_WRITE_DOCS";

    [Fact]
    public void The_page_has_every_verb_and_option()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "cli.md");
        string expected = "\n" + CliDocument.Write();
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, File.ReadAllText(file).Split(CliDocument.Marker)[0] + CliDocument.Marker + expected);
        string[] parts = File.ReadAllText(file).ReplaceLineEndings("\n").Split(CliDocument.Marker);

        Assert.True(parts is [_, var written] && written == expected, Advice("docs/cli.md is not what the command tree says."));
    }

    [Fact]
    public void The_schema_is_that_of_the_settings()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "mlnetx-train.schema.json"),
            expected = ConfigSchema.Write();
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, expected);

        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == expected,
            Advice("docs/mlnetx-train.schema.json is not what the settings say.")
        );
    }

    private static string Advice(string problem) =>
        $"{problem} Write it with\n{Switch}=1 dotnet run -c Release --project tests/MLNetExtensions.Tool.Tests -- -class '*CliDocumentTests'";
}
