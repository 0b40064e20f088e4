using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// A changed native library where it can be loaded from: in the user's cache, named after its content, or, where no place can be written to,
/// in memory.
/// </summary>
internal static class LibraryCopy
{
    private const uint CloseOnExec = 1;

    // Files in memory live as long as something has them open.
    private static readonly List<SafeFileHandle> InMemory = [];

    /// <summary>
    /// Places for it, in their order: the user's data, caches and home as the environment has them. Some services and containers have no
    /// home, or one that cannot be written to. The temporary folder is none: others may put a library there.
    /// </summary>
    public static IReadOnlyList<string> Places =>
        [
            .. new[]
            {
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME"),
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            }
                .OfType<string>()
                .Where(Path.IsPathFullyQualified)
                .Distinct(),
        ];

    /// <summary>Writes a copy into the first place that takes it, or finds it there.</summary>
    /// <param name="content">The library.</param>
    /// <param name="fileName">Its name.</param>
    /// <exception cref="DllNotFoundException">No place takes it; the message lists them.</exception>
    public static string Write(byte[] content, string fileName) => Write(content, fileName, Places);

    /// <param name="content">The library.</param>
    /// <param name="fileName">Its name.</param>
    /// <param name="places">The places to try.</param>
    /// <exception cref="DllNotFoundException">No place takes it; the message lists them.</exception>
    public static string Write(byte[] content, string fileName, IReadOnlyList<string> places)
    {
        var problems = new List<string>();
        foreach (string place in places)
        {
            string folder = Path.Combine(place, "MLNetExtensions", "native", Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
            string path = Path.Combine(folder, fileName);
            try
            {
                // Two processes may do so at once: each moves a whole file into place.
                if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
                    return path;
                OwnerOnly.CreateFolder(folder);
                TemporaryFile.Write(path, content);
                return path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(e.Message);
            }
        }
        return WriteToMemory(content, fileName)
            ?? throw new DllNotFoundException(
                $"{fileName} must be changed to fit this system's C++ runtime, and there is no place for the copy: "
                    + $"{string.Join(" ", problems)} Set the environment variable XDG_DATA_HOME to a folder that this process can write to."
            );
    }

    private static unsafe string? WriteToMemory(byte[] content, string fileName)
    {
        if (
            !OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out IntPtr library)
            || !NativeLibrary.TryGetExport(library, "memfd_create", out IntPtr create)
        )
            return null;
        int descriptor;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(fileName + '\0'))
            descriptor = ((delegate* unmanaged<byte*, uint, int>)create)(name, CloseOnExec);
        if (descriptor < 0)
            return null;
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, content, 0);
        lock (InMemory)
            InMemory.Add(file);
        return $"/proc/self/fd/{descriptor}";
    }
}
