using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// Loads libtorch and LibTorchSharp before TorchSharp's own loader runs: from the folder that the environment variable
/// <c>MLNETX_LIBTORCH</c> names, else from the application's packages. Where the C++ runtime is older than LibTorchSharp's compiler, a copy
/// with weak version requirements is loaded.
/// </summary>
internal static partial class NativeLibraries
{
    /// <summary>
    /// The environment variable that names a libtorch folder: a CUDA build, or the <c>torch</c> folder of a Python installation.
    /// </summary>
    public const string FolderVariable = "MLNETX_LIBTORCH";

    /// <summary>The libtorch that the referenced TorchSharp is built for. Asking TorchSharp itself would start its own loader.</summary>
    private const string LibtorchVersion = "2.10";

    private static readonly Lazy<IntPtr> Bridge = new(() => LoadBridge(Environment.GetEnvironmentVariable(FolderVariable)));

    /// <summary>Makes sure that the native libraries are loaded; later calls do nothing.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or cannot be loaded; the message says what was searched and what to
    /// add.</exception>
    public static void Load() => _ = Bridge.Value;

    private static IntPtr LoadBridge(string? libtorchFolder)
    {
        OpenMpWait.Shorten();
        Assembly torchSharp = typeof(torch).Assembly;
        if (libtorchFolder is { Length: > 0 })
            LoadLibtorch([libtorchFolder, Path.Combine(libtorchFolder, "lib")], required: FolderVariable);
        else if (NativeLibrary.TryLoad("LibTorchSharp", torchSharp, null, out IntPtr plain))
            return plain;

        string[] folders = SearchFolders(torchSharp);
        if (libtorchFolder is null or "")
            LoadLibtorch(folders, required: null);
        string bridge =
            FindFile(folders, LibraryFile("LibTorchSharp"))
            ?? throw new DllNotFoundException(
                $"The native library of TorchSharp ({LibraryFile("LibTorchSharp")}) was not found. Publish for a platform that the "
                    + $"package TorchSharp supports, "
                    + $"with its runtimes folder. Searched: {string.Join(", ", folders)}."
            );
        IntPtr handle = LoadWithOlderRuntime(bridge);
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == "LibTorchSharp" ? handle : IntPtr.Zero;
        return handle;
    }

    /// <summary>Loads libtorch's own libraries, so that LibTorchSharp finds them by name wherever it lies itself.</summary>
    internal static void LoadLibtorch(string[] folders, string? required)
    {
        string first = LibraryFile("torch_cpu");
        string? found = FindFile(folders, first);
        if (found is null)
        {
            string searched = string.Join(", ", folders);
            throw new DllNotFoundException(
                required is null
                    ? $"libtorch was not found. Add the package TorchSharp-cpu (or "
                        + $"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}), or TorchSharp-cuda-linux / "
                        + $"TorchSharp-cuda-windows for a GPU, to the application, or name a libtorch {LibtorchVersion} folder in "
                        + $"{FolderVariable}. Searched for {first} in: {searched}."
                    : $"{required} names a folder without {first}. It must hold libtorch {LibtorchVersion}. Searched: {searched}."
            );
        }
        string folder = Path.GetDirectoryName(found)!;
        foreach (string name in new[] { "c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch" })
        {
            string file = Path.Combine(folder, LibraryFile(name));
            if (File.Exists(file))
                NativeLibrary.Load(file);
        }
    }

    private static IntPtr LoadWithOlderRuntime(string file)
    {
        byte[]? patched = null;
        string path = file;
        // Each round weakens the one version that the loader names; a library asks for a handful at most.
        for (int round = 0; ; round++)
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException error)
                when (OperatingSystem.IsLinux() && round < 8 && MissingVersion().Match(error.Message) is { Success: true } match)
            {
                patched ??= File.ReadAllBytes(file);
                try
                {
                    ElfVersionWeakener.Weaken(patched, match.Groups[1].Value);
                }
                catch (Exception reason) when (reason is NotSupportedException or BadImageFormatException)
                {
                    throw new DllNotFoundException(
                        $"{file} needs a newer C++ runtime ({match.Groups[1].Value}): {reason.Message}. Update libstdc++.",
                        error
                    );
                }
                path = LibraryCopy.Write(patched, Path.GetFileName(file));
            }
        }
    }

    private static string[] SearchFolders(Assembly torchSharp)
    {
        string listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return
        [
            .. new[] { AppContext.BaseDirectory, Path.GetDirectoryName(torchSharp.Location) ?? "" }
                .Concat(listed.Split(Path.PathSeparator))
                .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
                .Where(f => f.Length > 0)
                .Select(Path.TrimEndingDirectorySeparator)
                .Distinct(),
        ];
    }

    private static string? FindFile(string[] folders, string name) =>
        folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);

    private static string LibraryFile(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    [GeneratedRegex(@"version `(GLIBCXX_[0-9.]+|CXXABI_[0-9.]+)' not found")]
    private static partial Regex MissingVersion();
}
