using MLNetExtensions.TestData;
using MLNetExtensions.Tool.Settings;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Settings;

public sealed class TrainerSettingsTests
{
    private const string Switch = "MLNETX_WRITE_DOCS";

    [Fact]
    public void The_table_of_settings_is_what_FineTuneOptions_says()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "src", "MLNetExtensions.Tool", "Settings", "trainer-settings.tsv");
        IReadOnlyList<Setting> settings = TrainerSettingsReader.Read(Path.Combine(AppContext.BaseDirectory, "MLNetExtensions.xml"));
        string expected = string.Concat(settings.Select(setting => TrainerSettings.LineOf(setting) + "\n"));
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, expected);

        Assert.True(
            File.ReadAllText(file).ReplaceLineEndings("\n") == expected,
            $"trainer-settings.tsv is not what FineTuneOptions says. Write it with\n{Switch}=1 dotnet run -c Release "
                + "--project tests/MLNetExtensions.Tool.Tests -- -class '*TrainerSettingsTests', then build"
        );
    }
}
