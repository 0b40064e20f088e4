using System.Runtime.InteropServices;
using MLNetExtensions.Data;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>Loads TensorFlow's library, once a process.</summary>
internal static class TensorFlowLibrary
{
    /// <summary>The environment variable that names the library's file or folder.</summary>
    public const string PathVariable = "MLNETX_TENSORFLOW";

    /// <summary>The first version whose C API and ops this project uses.</summary>
    private static readonly Version Oldest = new(2, 4);

    private static readonly Lock Loading = new();
    private static LoadedLibrary? _loaded;

    /// <summary>Makes sure that the library is loaded. The first call decides which: a process has one TensorFlow.</summary>
    /// <param name="option">A file or folder, or null.</param>
    /// <param name="pythonFolder">A Python installation, or null.</param>
    /// <exception cref="DllNotFoundException">There is none, or it cannot be loaded; the message says what was searched and what to
    /// do.</exception>
    /// <exception cref="InvalidOperationException">Another one is asked for than the process has.</exception>
    public static LoadedLibrary Load(string? option = null, string? pythonFolder = null)
    {
        lock (Loading)
        {
            if (_loaded is null)
            {
                LoadedLibrary library = Open(new LibrarySearch(), option, Environment.GetEnvironmentVariable(PathVariable), pythonFolder);
                NativeLibrary.SetDllImportResolver(
                    typeof(TensorFlowLibrary).Assembly,
                    (name, _, _) => name == NativeMethods.Library ? library.Handle : IntPtr.Zero
                );
                _loaded = library;
            }
            else if (option is { Length: > 0 } && _loaded.Path is { } path && !IsSame(option, path))
            {
                throw new InvalidOperationException(
                    $"LibraryPath is '{option}', but this process has loaded TensorFlow from {path}. A process can use one; restart it "
                        + $"to change."
                );
            }
            return _loaded;
        }
    }

    /// <summary>Finds, loads and checks a library, without making it the process's.</summary>
    internal static LoadedLibrary Open(LibrarySearch search, string? option, string? variable, string? pythonFolder)
    {
        string? path = search.Find(option, variable, pythonFolder);
        IntPtr handle;
        if (path is null)
        {
            handle = LibrarySearch
                .FileNames.Select(name => NativeLibrary.TryLoad(name, out IntPtr found) ? found : IntPtr.Zero)
                .FirstOrDefault(found => found != IntPtr.Zero);
            search.Note($"the system's library path: {(handle == IntPtr.Zero ? "not found" : "found")}");
            if (handle == IntPtr.Zero)
                throw search.NotFound("TensorFlow's library was not found");
        }
        else
        {
            if (LibraryFile.Problem(path) is { } problem)
                throw search.NotFound($"{path} cannot be loaded: {problem}");
            try
            {
                handle = NativeLibrary.Load(path);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                throw search.NotFound($"{path} cannot be loaded: {error.Message}", error);
            }
        }
        string version = Check(handle, search, path ?? "The system's TensorFlow library");
        return new LoadedLibrary(handle, path, version, search.Report);
    }

    /// <summary>The library's version, if it is recent enough and has every function that is called.</summary>
    private static unsafe string Check(IntPtr handle, LibrarySearch search, string what)
    {
        string[] missing = [.. NativeMethods.Functions.Where(name => !NativeLibrary.TryGetExport(handle, name, out _))];
        if (NativeLibrary.TryGetExport(handle, "TF_Version", out IntPtr function))
        {
            string text = Marshal.PtrToStringUTF8((IntPtr)((delegate* unmanaged<byte*>)function)()) ?? "";
            if (!IsRecent(text))
                throw search.NotFound($"{what} is TensorFlow {text}; {Oldest} or newer is needed");
            if (missing.Length == 0)
                return text;
        }
        throw search.NotFound(
            $"{what} lacks {missing.Length} functions of TensorFlow's C API "
                + $"({string.Join(", ", missing.Take(5))}{(missing.Length > 5 ? ", ..." : "")})"
        );
    }

    /// <summary>True if this project supports a version, such as <c>2.16.1</c> or <c>2.17.0-rc1</c>.</summary>
    internal static bool IsRecent(string version) => Version.TryParse(version.Split('-', '+')[0], out Version? parsed) && parsed >= Oldest;

    private static bool IsSame(string option, string path) =>
        FilePath.AreEqual(Path.GetFullPath(option), path)
        || FilePath.AreEqual(Path.TrimEndingDirectorySeparator(Path.GetFullPath(option)), Path.GetDirectoryName(path));
}
