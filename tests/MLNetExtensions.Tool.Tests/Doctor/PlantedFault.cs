using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Tool.Tests.Doctor;

/// <summary>A fault that doctor must find, with the words of its cure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Subject">What doctor must name.</param>
/// <param name="Cure">Words of the cure.</param>
/// <param name="Plant">Plants it, in a folder of its own.</param>
internal sealed record PlantedFault(string Name, string Subject, string Cure, Action<FaultyTool> Plant)
{
    /// <summary>Why it cannot be planted on this machine; null if it can.</summary>
    public string? Obstacle { get; init; }

    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("no AVX2", "processor", "DOTNET_EnableAVX2", tool => tool.Environment["DOTNET_EnableAVX2"] = "0")
        {
            Obstacle = Avx2.IsSupported ? null : "this processor has no AVX2 anyway",
        },
        new("no libtorch", "libtorch", "MLNETX_LIBTORCH", tool => tool.Environment["MLNETX_LIBTORCH"] = tool.Folder("empty")),
        new(
            "no libgomp",
            "libtorch",
            "apt-get install libgomp1",
            tool =>
            {
                string libtorch = tool.LinkLibtorch();
                foreach (string file in Directory.GetFiles(libtorch, "libgomp*"))
                    File.Delete(file);
                tool.Environment["MLNETX_LIBTORCH"] = libtorch;
            }
        )
        {
            Obstacle = IsLinuxX64 ? null : "libtorch has a libgomp on Linux alone",
        },
        new(
            "a damaged libtorch",
            "libtorch",
            "install it again",
            tool =>
            {
                string libtorch = tool.Folder("libtorch");
                File.WriteAllText(Path.Combine(libtorch, NativeName("torch_cpu")), "half a file");
                tool.Environment["MLNETX_LIBTORCH"] = libtorch;
            }
        ),
        new(
            "a wrong SkiaSharp",
            "SkiaSharp",
            "at one version 2.88",
            tool => tool.ReplaceNative(NativeName("SkiaSharp"), NativeName("onnxruntime"))
        )
        {
            Obstacle = IsLinuxX64 ? null : "the native files are replaced by Linux's names",
        },
        new("no ONNX Runtime", "ONNX Runtime", "install the tool again", tool => tool.ReplaceNative(NativeName("onnxruntime"), null))
        {
            Obstacle = IsLinuxX64 ? null : "the native files are removed by Linux's names",
        },
        new("a full disk", "folder of runs", "Free space", tool => tool.Arguments.AddRange(["--runs", tool.SmallDisk()]))
        {
            Obstacle =
                OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "mounting a small file system takes Linux and root",
        },
        new(
            "a folder of runs that cannot be made",
            "folder of runs",
            "--runs",
            tool =>
            {
                string file = Path.Combine(tool.Folder("blocked"), "file");
                File.WriteAllText(file, "");
                tool.Arguments.AddRange(["--runs", Path.Combine(file, "runs")]);
            }
        ),
        new(
            "no temporary folder",
            "temporary folder",
            "TMPDIR",
            tool => tool.Environment[OperatingSystem.IsWindows() ? "TMP" : "TMPDIR"] = Path.Combine(tool.Folder("gone"), "no-such-folder")
        ),
        new(
            "a broken cache of backbones",
            "backbones",
            "mlnetx backbones get resnet18-v1-7",
            tool =>
            {
                string folder = tool.Folder("backbones");
                File.WriteAllText(Path.Combine(folder, "resnet18-v1-7.onnx"), "half a file");
                tool.Environment["MLNETX_BACKBONES"] = folder;
            }
        ),
        new(
            "an unreadable model",
            "model",
            "mlnetx export",
            tool =>
            {
                string file = Path.Combine(tool.Folder("model"), "model.onnx");
                File.WriteAllText(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
                tool.Arguments.AddRange(["--model", file]);
            }
        ),
        new(
            "a damaged run",
            "runs",
            "mlnetx train --resume train1",
            tool =>
            {
                string run = tool.Folder(Path.Combine("runs", "train1"));
                File.WriteAllText(Path.Combine(run, "config.yaml"), "epochs: 3\n");
                File.WriteAllText(Path.Combine(run, "status.json"), "{\"state\": \"comp");
                tool.Arguments.AddRange(["--runs", Path.GetDirectoryName(run)!]);
            }
        ),
    ];

    private static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Plants the fault, runs doctor, and looks for what it must say.</summary>
    /// <returns>Null if doctor found it and named the cure; else what doctor said.</returns>
    public async Task<string?> FindAsync()
    {
        using var tool = new FaultyTool();
        Plant(tool);
        using Process process = tool.Start();
        CommandResult result = await ToolProcess.End(process);
        string[] lines = result.Out.Split('\n');
        for (int i = 0; i + 1 < lines.Length; i++)
            if (
                !lines[i].StartsWith("ok", StringComparison.Ordinal)
                && lines[i].Contains($" {Subject}: ", StringComparison.Ordinal)
                && lines[i + 1].Contains(Cure, StringComparison.Ordinal)
            )
                return null;
        return $"{Name}\n{result.Out}\n{result.Error}";
    }

    private static string NativeName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";
}
