using System.Runtime.InteropServices;

namespace MLNetExtensions.Tool.Training;

/// <summary>libtorch for a tool whose package has none: that of NuGet's folder, where an application that trains has put it.</summary>
internal static class Libtorch
{
    public const string Variable = "MLNETX_LIBTORCH";

    private const string Version = "2.10.0";

    /// <summary>The package that has libtorch for this system.</summary>
    public static string Package => $"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}";

    /// <summary>Names libtorch to the runtime, where it is neither beside the tool nor named already.</summary>
    public static void Locate()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || IsBesideTool)
            return;
        string packages =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".nuget",
                "packages"
            );
        string folder = Path.Combine(packages, Package, Version, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        if (Directory.Exists(folder))
            Environment.SetEnvironmentVariable(Variable, folder);
    }

    private static bool IsBesideTool =>
        new[]
        {
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
        }
            .Concat((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator))
            .Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*torch_cpu*").Any());
}
