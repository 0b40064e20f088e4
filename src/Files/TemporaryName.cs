using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>
/// Names of temporary files and folders. A name says which process it belongs to, so that a later one deletes what killed processes left in
/// the same folder. It has the same length for all files: a file whose own name is as long as a system allows can be written too.
/// </summary>
internal static partial class TemporaryName
{
    // Process numbers are of one machine and, in containers, of one namespace: others' files in a shared folder are theirs.
    private static readonly string Place = Convert.ToHexStringLower(
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                Environment.MachineName + (OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : "")
            )
        )
    )[..8];

    // A folder of many images is looked through once, not for each image that is written there.
    private static readonly ConcurrentDictionary<string, bool> Swept = new();

    /// <summary>A path that nothing has, in a folder that is rid of what dead processes left there.</summary>
    public static string In(string folder)
    {
        if (Swept.TryAdd(folder, true))
            Sweep(folder);
        return Path.Combine(folder, $"mlnetextensions-{Place}-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
    }

    /// <summary>Deletes the temporary files and folders that dead processes left in a folder.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(folder, "mlnetextensions-*.tmp"))
                if (IsLeftOver(path))
                    Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process sweeps too, or may do what this one may not. What is written now does not depend on it.
        }
    }

    /// <summary>Deletes a file or a folder with all that is in it; nothing if there is none.</summary>
    public static void Delete(string path)
    {
        // A link is deleted, not what it leads to.
        if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null })
            Directory.Delete(path, recursive: true);
        // A folder that was never made, or is gone, holds no file.
        else if (File.Exists(path))
            File.Delete(path);
    }

    private static bool IsLeftOver(string path)
    {
        if (Owner().Match(Path.GetFileName(path)) is not { Success: true } owner || owner.Groups["place"].Value != Place)
            return false;
        try
        {
            using var process = Process.GetProcessById(int.Parse(owner.Groups["process"].ValueSpan, CultureInfo.InvariantCulture));
            // A number is given again; clocks of file systems are seconds apart at most.
            return process.StartTime.ToUniversalTime() > File.GetLastWriteTimeUtc(path).AddMinutes(1);
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended, or is not ours to look at: the next sweep decides.
            return false;
        }
    }

    [GeneratedRegex(
        @"^mlnetextensions-(?<place>[0-9a-f]{8})-(?<process>[0-9]{1,9})-[0-9a-f]{32}\.tmp$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Owner();
}
