using System.Diagnostics;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Doctor;

public sealed class TelemetryTests : IDisposable
{
    /// <summary>What says to ONNX Runtime that it runs on a build server, where it keeps no telemetry whatever the user asks for.</summary>
    private static readonly string[] s_buildServers =
    [
        "CI",
        "TF_BUILD",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "CIRCLECI",
        "TRAVIS",
        "JENKINS_URL",
        "CODEBUILD_BUILD_ID",
        "BUILDKITE",
        "TEAMCITY_VERSION",
        "APPVEYOR",
        "BITBUCKET_BUILD_NUMBER",
    ];

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", true)]
    public async Task ONNX_Runtime_keeps_telemetry_only_where_the_user_asks_for_it(string? variable, bool isKept)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ONNX Runtime keeps it in files on Linux.");
        Dictionary<string, string?> environment = s_buildServers.ToDictionary(name => name, _ => (string?)null);
        environment["HOME"] = _home.Path;
        environment["XDG_CACHE_HOME"] = Path.Combine(_home.Path, "cache");
        environment["ORT_DISABLE_TELEMETRY"] = variable;

        using Process process = Mlnetx.Start(environment, "doctor");
        CommandResult result = await ToolProcess.End(process);

        Assert.Contains("ONNX Runtime", result.Out, StringComparison.Ordinal);
        Assert.Equal(isKept, Directory.EnumerateDirectories(_home.Path, ".onnxruntime", SearchOption.AllDirectories).Any());
    }
}
