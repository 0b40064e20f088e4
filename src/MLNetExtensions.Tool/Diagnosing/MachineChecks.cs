using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>The machine: processor, memory, disks.</summary>
internal static class MachineChecks
{
    private const long GiB = 1L << 30;

    // A run of a head takes some megabytes, one of decoded images and checkpoints of a large network a gigabyte.
    private const long LeastDisk = GiB;

    // libtorch, ONNX Runtime and a backbone of 100 MB.
    private const long LeastMemory = 2 * GiB;

    public static Finding System() =>
        Finding.Ok(
            "system",
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}"
        );

    public static Finding Processor()
    {
        string threads = $"{Environment.ProcessorCount} threads";
        return RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 when !Avx2.IsSupported => Finding.Warning(
                "processor",
                $"{threads}, without AVX2",
                "Training and scoring take several times as long. If DOTNET_EnableAVX2 or DOTNET_EnableHWIntrinsic is 0, unset it; in a "
                    + "virtual machine, pass the host's processor through; else take a machine with AVX2 (Intel since 2013, AMD since 2015)."
            ),
            Architecture.X64 => Finding.Ok("processor", $"{threads}, AVX2{(Avx512F.IsSupported ? ", AVX-512" : "")}"),
            Architecture.Arm64 => Finding.Ok("processor", $"{threads}, ARM64{(AdvSimd.IsSupported ? " with NEON" : "")}"),
            Architecture other => Finding.Fault(
                "processor",
                $"{other}",
                "The native libraries are for x64 and ARM64; take such a machine."
            ),
        };
    }

    public static Finding Memory()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return memory >= LeastMemory
            ? Finding.Ok("memory", Size(memory))
            : Finding.Warning(
                "memory",
                $"{Size(memory)} for this process; training takes {Size(LeastMemory)} or more",
                "Raise the limit of the container (docker run --memory), or unset DOTNET_GCHeapHardLimit; with less, set --memory-budget and a "
                    + "smaller --batch-size."
            );
    }

    /// <summary>A folder that is written to: whether it can be, and whether there is room.</summary>
    /// <param name="subject">What is written there.</param>
    /// <param name="folder">The folder; one that is missing is made, and removed again.</param>
    /// <param name="cure">What to do if it cannot be written.</param>
    public static Finding Folder(string subject, string folder, string cure)
    {
        folder = Path.GetFullPath(folder);
        string existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        try
        {
            string probe = Path.Combine(existing, $".mlnetx-{Guid.NewGuid():N}");
            if (existing != folder)
                Directory.Delete(Directory.CreateDirectory(probe).FullName);
            else
                using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) { }
            if (
                existing != folder
                && File.Exists(Path.Combine(existing, Path.GetRelativePath(existing, folder).Split(Path.DirectorySeparatorChar)[0]))
            )
                return Finding.Fault(subject, $"'{folder}' is below a file, where no folder can be", cure);
            long free = new DriveInfo(existing).AvailableFreeSpace;
            return free >= LeastDisk
                ? Finding.Ok(subject, $"{folder}, {Size(free)} free")
                : Finding.Fault(
                    subject,
                    $"'{folder}' has {Size(free)} free; training takes {Size(LeastDisk)} or more",
                    $"Free space on that disk, or {char.ToLowerInvariant(cure[0])}{cure[1..]}"
                );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(subject, $"'{folder}' cannot be written: {FailureText.OneLine(error.Message)}", cure);
        }
    }

    /// <summary>The temporary folder.</summary>
    public static Finding Temporary() =>
        !Directory.Exists(Path.GetTempPath())
            ? Finding.Fault(
                "temporary folder",
                $"there is no folder '{Path.GetTempPath()}'",
                "Make it, or set TMPDIR (on Windows TEMP) to a folder that exists."
            )
            : Folder("temporary folder", Path.GetTempPath(), "Set TMPDIR (on Windows TEMP) to a folder on another disk.");

    private static string Size(long bytes) => bytes >= GiB ? $"{bytes / (double)GiB:F1} GiB" : $"{bytes / (double)(1 << 20):F0} MiB";
}
