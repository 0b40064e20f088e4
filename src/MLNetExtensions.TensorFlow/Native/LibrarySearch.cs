using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>Searches the places where TensorFlow's library may be, in order, and records each place and the finding there.</summary>
/// <param name="applicationFolders">The folders of native assets; null for the application's folder.</param>
/// <param name="pythonInstallations">The places where Python may be installed; null for the active environment and the usual
/// places.</param>
internal sealed class LibrarySearch(IEnumerable<string>? applicationFolders = null, IEnumerable<string>? pythonInstallations = null)
{
    private readonly List<string> _report = [];

    /// <summary>The places looked at so far, one line each.</summary>
    public IReadOnlyList<string> Report => _report;

    /// <summary>
    /// The names under which TensorFlow's C API is shipped: in Python's packages, in the archives for C, in SciSharp's packages.
    /// </summary>
    public static IReadOnlyList<string> FileNames { get; } =
        OperatingSystem.IsWindows() ? ["tensorflow.dll", "tensorflow_cc.dll"]
        : OperatingSystem.IsMacOS() ? ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib", "libtensorflow.dylib"]
        : ["libtensorflow_cc.so.2", "libtensorflow.so.2", "libtensorflow.so"];

    /// <summary>The file to load; null leaves it to the system's search path.</summary>
    /// <param name="option">A file or folder named by the application, or null.</param>
    /// <param name="variable">The value of <see cref="TensorFlowLibrary.PathVariable"/>.</param>
    /// <param name="pythonFolder">A Python installation, environment or its tensorflow folder, or null.</param>
    /// <exception cref="DllNotFoundException">A place that was named has no library.</exception>
    public string? Find(string? option, string? variable, string? pythonFolder)
    {
        if (option is { Length: > 0 })
            return Named(option, "the option LibraryPath");
        _report.Add("the option LibraryPath: not set");
        if (variable is { Length: > 0 })
            return Named(variable, $"the environment variable {TensorFlowLibrary.PathVariable}");
        _report.Add($"the environment variable {TensorFlowLibrary.PathVariable}: not set");
        if (Look("native assets beside the application", applicationFolders ?? ApplicationFolders()) is { } beside)
            return beside;
        if (pythonFolder is { Length: > 0 })
            return Look($"the option PythonFolder ({pythonFolder})", PythonFolders([pythonFolder]))
                ?? throw NotFound($"PythonFolder names '{pythonFolder}', which has no tensorflow package with a library of the C API");
        return Look("tensorflow of a Python installation", PythonFolders(pythonInstallations ?? PythonInstallations()));
    }

    /// <summary>The error of a search without a result: what was searched, and what to do.</summary>
    public DllNotFoundException NotFound(string what, Exception? inner = null) =>
        new(
            $"{what}. Add the package SciSharp.TensorFlow.Redist (CPU), SciSharp.TensorFlow.Redist-Linux-GPU or "
                + $"SciSharp.TensorFlow.Redist-Windows-GPU to the application "
                + $"(dotnet add package SciSharp.TensorFlow.Redist), or run 'pip install tensorflow' and name its folder by "
                + $"PythonFolder, or name the library in {TensorFlowLibrary.PathVariable}."
                + $" Searched: {string.Join("; ", _report)}.",
            inner
        );

    /// <summary>Notes another step of the search.</summary>
    public void Note(string step) => _report.Add(step);

    private string Named(string path, string where)
    {
        string? file = File.Exists(path) ? Path.GetFullPath(path) : FileIn(path);
        _report.Add($"{where} ({path}): {(file is null ? "no library" : "found")}");
        return file ?? throw NotFound($"{where} names '{path}', where there is none of {string.Join(", ", FileNames)}");
    }

    private string? Look(string what, IEnumerable<string> folders)
    {
        string[] places = [.. folders.Select(Path.TrimEndingDirectorySeparator).Distinct()];
        string? file = places.Select(FileIn).FirstOrDefault(f => f is not null);
        _report.Add(
            file is null ? $"{what}: not found in {(places.Length == 0 ? "any folder" : string.Join(", ", places))}" : $"{what}: {file}"
        );
        return file;
    }

    private static string? FileIn(string folder) =>
        FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } file ? Path.GetFullPath(file) : null;

    private static IEnumerable<string> ApplicationFolders()
    {
        string listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux";
        string processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return new[] { AppContext.BaseDirectory }
            .Concat(listed.Split(Path.PathSeparator))
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{processor}", "native"))
            .Where(folder => folder.Length > 0);
    }

    /// <summary>The active environment, then the usual places of installations.</summary>
    private static IEnumerable<string> PythonInstallations()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string?[] roots =
        [
            Environment.GetEnvironmentVariable("VIRTUAL_ENV"),
            Environment.GetEnvironmentVariable("CONDA_PREFIX"),
            OperatingSystem.IsWindows() ? null : Path.Combine(home, ".local"),
            OperatingSystem.IsWindows() ? null : "/usr/local",
            OperatingSystem.IsWindows() ? null : "/usr",
        ];
        return roots.Where(root => root is { Length: > 0 }).Select(root => root!);
    }

    /// <summary>
    /// The folders where a root may hold the package: the root itself may be the package, site-packages, or an environment.
    /// </summary>
    private static IEnumerable<string> PythonFolders(IEnumerable<string> roots)
    {
        foreach (string root in roots)
        {
            yield return root;
            yield return Path.Combine(root, "tensorflow");
            yield return Path.Combine(root, "Lib", "site-packages", "tensorflow");
            string libraries = Path.Combine(root, "lib");
            if (!Directory.Exists(libraries))
                continue;
            foreach (string python in Directory.EnumerateDirectories(libraries, "python3*").OrderDescending(StringComparer.Ordinal))
            {
                yield return Path.Combine(python, "site-packages", "tensorflow");
                yield return Path.Combine(python, "dist-packages", "tensorflow");
            }
        }
    }
}
