using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using MLNetExtensions.TestData;

namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>A folder with the files that a deployed Model Builder program has, in which programs are compiled and started.</summary>
internal sealed class ProgramFolder(string path)
{
    /// <summary>The output of tests/ModelBuilderHost.</summary>
    private static readonly string Output = Path.Combine(
        SharedData.RepositoryRoot,
        "tests",
        "ModelBuilderHost",
        "bin",
        typeof(ProgramFolder).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug",
        "net10.0"
    );

    /// <summary>Compiles a program from a project's files, and copies what it needs.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="sources">Its code.</param>
    /// <param name="model">The model's file.</param>
    /// <returns>The compiler's errors and warnings.</returns>
    public IReadOnlyList<string> Build(string name, IEnumerable<string> sources, string model)
    {
        Directory.CreateDirectory(path);
        foreach (string file in Directory.EnumerateFiles(Output))
            File.Copy(
                file,
                Path.Combine(
                    path,
                    Path.GetFileName(file)
                        .Replace("ModelBuilderHost.runtimeconfig", $"{name}.runtimeconfig")
                        .Replace("ModelBuilderHost.deps", $"{name}.deps")
                )
            );
        CopyNative();
        File.Copy(model, Path.Combine(path, Path.GetFileName(model)));
        string[] libraries = [.. Directory.EnumerateFiles(path, "*.dll").Where(CompiledProgram.IsManaged)];
        return CompiledProgram.Compile(
            Path.Combine(path, $"{name}.dll"),
            [.. libraries, .. CompiledProgram.Framework("Microsoft.NETCore.App", "Microsoft.AspNetCore.App")],
            sources
        );
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="workingFolder">The folder that it is called in.</param>
    /// <param name="arguments">Its arguments.</param>
    public Process Start(string name, string workingFolder, IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(path, $"{name}.dll"), .. arguments])
            {
                WorkingDirectory = workingFolder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    /// <summary>The native libraries of this system alone.</summary>
    private void CopyNative()
    {
        string system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux";
        string processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        foreach (string runtime in Directory.EnumerateDirectories(Path.Combine(Output, "runtimes")))
            if (Path.GetFileName(runtime) is var id && (id == system || id == "unix" || id == $"{system}-{processor}"))
                foreach (string file in Directory.EnumerateFiles(runtime, "*", SearchOption.AllDirectories))
                {
                    string target = Path.Combine(path, Path.GetRelativePath(Output, file));
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(file, target);
                }
    }
}
