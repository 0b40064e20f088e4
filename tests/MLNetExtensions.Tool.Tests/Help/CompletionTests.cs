using System.Diagnostics;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Help;

/// <summary>The completion script, in bash itself.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("mlnetx tr", "train")]
    [InlineData("mlnetx train --batch", "--batch-size")]
    [InlineData("mlnetx backbones ver", "verify")]
    [InlineData("mlnetx predict model.onnx file", "file with space.png")]
    public async Task Bash_completes_commands_options_and_files(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "This system has no bash.");
        using var folder = new TemporaryFolder();
        folder.Add("file with space.png", [1]);
        string script = (await Mlnetx.Succeed("completion", "bash")).Out;
        string[] words = line.Split(' ');
        folder.Add(
            "try.sh",
            System.Text.Encoding.UTF8.GetBytes(
                $$"""
                mlnetx() { dotnet '{{ToolProcess.Program}}' "$@"; }
                {{script}}
                cd '{{folder.Path}}'
                COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_CWORD={{words.Length - 1}}
                COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
                _mlnetx
                printf '%s\n' "${COMPREPLY[@]}"
                """
            )
        );

        using Process bash = Process.Start(
            new ProcessStartInfo("/bin/bash", [Path.Combine(folder.Path, "try.sh")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        CommandResult result = await ToolProcess.End(bash);

        Assert.Equal("", result.Error);
        Assert.Contains(expected, result.Out.Split('\n'));
    }
}
