using System.Diagnostics;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Doctor;

public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", true)]
    public async Task ONNX_Runtime_keeps_telemetry_only_where_the_user_asks_for_it(string? variable, bool isKept)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ONNX Runtime keeps it in files on Linux.");
        var environment = new Dictionary<string, string> { ["HOME"] = _home.Path, ["XDG_CACHE_HOME"] = Path.Combine(_home.Path, "cache") };
        if (variable is not null)
            environment["ORT_DISABLE_TELEMETRY"] = variable;

        using Process process = Mlnetx.Start(environment, "doctor");
        CommandResult result = await ToolProcess.End(process);

        Assert.Contains("ONNX Runtime", result.Out, StringComparison.Ordinal);
        Assert.Equal(isKept, Directory.EnumerateDirectories(_home.Path, ".onnxruntime", SearchOption.AllDirectories).Any());
    }
}
