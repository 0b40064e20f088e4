using System.Diagnostics;
using System.Security.Cryptography;
using MLNetExtensions.TensorFlow.Native;
using MLNetExtensions.TestData;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>
/// TensorFlow's library for the tests: the one that the environment variable or the usual search finds, or else the reference material's,
/// which is unpacked once into the user's cache.
/// </summary>
internal static class LibraryForTests
{
    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>Loads the library: null where that worked, else why not, in a sentence.</summary>
    public static string? Problem => Loaded.Value;

    private static string? Load()
    {
        string packed = SharedData.PathOf("tensorflow");
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(TensorFlowLibrary.PathVariable)) && Directory.Exists(packed))
            Environment.SetEnvironmentVariable(TensorFlowLibrary.PathVariable, Unpack(packed));
        try
        {
            TensorFlowLibrary.Load();
            return null;
        }
        catch (DllNotFoundException error)
        {
            return error.Message.Split(". ")[0];
        }
    }

    /// <summary>The unpacked library's folder, named after its content, so that another version does not meet an old one.</summary>
    private static string Unpack(string packed)
    {
        string content = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(packed, "SHA256SUMS"))))[..16];
        string folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ".cache",
            "mlnetextensions-tests",
            $"tensorflow-{content}"
        );
        if (Directory.Exists(folder))
            return folder;
        // Two processes may do this at once: each unpacks into a folder of its own, and the first to end gives it the name.
        string own = $"{folder}.{Environment.ProcessId}";
        using (Process process = Process.Start("sh", [Path.Combine(packed, "unpack.sh"), own]))
        {
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{packed}/unpack.sh {own} ended with {process.ExitCode}.");
        }
        try
        {
            Directory.Move(own, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(own, recursive: true);
        }
        return folder;
    }
}
