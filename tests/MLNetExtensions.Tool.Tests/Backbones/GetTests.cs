using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Backbones;

/// <summary>The verb backbones get, from a mirror on this machine.</summary>
public sealed class GetTests
{
    private static readonly byte[] Own = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "pretrained", "cifarnet_cifar10.onnx"));

    [Fact]
    public async Task A_backbone_is_fetched_from_a_mirror_into_the_users_folder()
    {
        using var folder = new TemporaryFolder();

        CommandResult result = await Get(folder, Own);

        Assert.Equal((0, ""), (result.ExitCode, result.ExitCode == 0 ? "" : result.Error));
        string file = Path.Combine(folder.Path, "cifarnet_cifar10.onnx");
        Assert.Contains($"Fetched: {file}", result.Out, StringComparison.Ordinal);
        Assert.Equal(Own, File.ReadAllBytes(file));
    }

    [Fact]
    public async Task Another_file_under_the_name_is_refused_and_not_kept()
    {
        using var folder = new TemporaryFolder();
        byte[] changed = [.. Own];
        changed[^1] ^= 1;

        CommandResult result = await Get(folder, changed);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("SHA-256", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "cifarnet_cifar10.onnx")));
    }

    [Fact]
    public async Task A_mirror_without_the_file_is_named()
    {
        using var folder = new TemporaryFolder();

        CommandResult result = await Get(folder, null);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("404", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    private static async Task<CommandResult> Get(TemporaryFolder folder, byte[]? served)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication mirror = builder.Build();
        mirror.Urls.Add("http://127.0.0.1:0");
        mirror.MapGet(
            "/files/cifarnet_cifar10.onnx",
            () => served is null ? Results.NotFound() : Results.Bytes(served, enableRangeProcessing: true)
        );
        await mirror.StartAsync();
        using Process process = Mlnetx.Start(
            new Dictionary<string, string?> { ["MLNETX_BACKBONES"] = folder.Path },
            "backbones",
            "get",
            "cifarnet_cifar10",
            "--mirror",
            $"{mirror.Urls.Single()}/files"
        );
        return await ToolProcess.End(process);
    }
}
