using System.Diagnostics;
using Xunit;

namespace MLNetExtensions.TestData;

/// <summary>A mounted file system of a few megabytes, for tests of what happens when a disk is full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts one; skips the running test, with the reason, where that is not allowed.</summary>
    public static SmallDisk Require(int megabytes)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "needs a small file system: mounting one takes Linux and root"
        );
        string folder = Directory.CreateTempSubdirectory("mlnetextensions-disk").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) == 0)
            return new SmallDisk(folder);
        Directory.Delete(folder);
        Assert.Skip("needs a small file system: this machine does not allow mounting one");
        throw new UnreachableException();
    }

    public void Dispose()
    {
        Run("umount", Folder);
        Directory.Delete(Folder);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
