using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace MLNetExtensions.Faults.Memory;

/// <summary>
/// The command <c>memory</c>: kinds of work in processes that may have so much memory. Each must come to its end, or say in words that it
/// does not fit; one that the system ends is a finding.
/// </summary>
internal static class MemoryCommand
{
    public const string Verb = "memory-worker";

    private const int NoMemory = 4,
        EndedBySystem = 137;

    /// <param name="args">The limit in MB; 2,048 by default.</param>
    public static int Run(string[] args)
    {
        long limit = args is [var text, ..] ? long.Parse(text, CultureInfo.InvariantCulture) : 2048;
        using var group = MemoryGroup.TryCreate(limit << 20);
        if (group is null)
        {
            Console.Error.WriteLine("No control group can be made here: it takes Linux, and the rights for /sys/fs/cgroup.");
            return 2;
        }
        string root = Directory.CreateTempSubdirectory("mlnetextensions-memory-").FullName;
        int findings = 0;
        try
        {
            string photos = Path.Combine(root, "photos");
            MemoryWork.DrawPhotos(photos);
            foreach (MemoryWork work in MemoryWork.All)
                findings += Run(work, group, photos, Directory.CreateDirectory(Path.Combine(root, "work")).FullName) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        Console.WriteLine($"figure memory-findings {findings}");
        return findings == 0 ? 0 : 1;
    }

    /// <summary>Does a kind of work in this process.</summary>
    /// <param name="args">The name, the photos, a folder for what it writes.</param>
    public static int Work(string[] args)
    {
        var ml = new MLContext(seed: 1) { TempFilePath = args[2] };
        // Warnings are words, too.
        ml.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                Console.WriteLine(message.RawMessage);
        };
        try
        {
            MemoryWork.All.First(work => work.Name == args[0]).Run(ml, args[1]);
            return 0;
        }
        catch (InsufficientMemoryException e)
        {
            Console.WriteLine(e.Message);
            return NoMemory;
        }
        finally
        {
            // The largest working set so far.
            Console.WriteLine(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)));
        }
    }

    private static bool Run(MemoryWork work, MemoryGroup group, string photos, string folder)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", $"{group.Enter}; exec \"$@\"", "sh", Environment.ProcessPath!, Verb, work.Name, photos, folder]
        )
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string[] said = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        bool isFine = process.ExitCode is 0 or NoMemory;
        string outcome = process.ExitCode switch
        {
            0 => "done",
            NoMemory => "refused",
            EndedBySystem => "FINDING: ended by the system",
            var code => $"FINDING: exit code {code}",
        };
        Console.WriteLine($"{work.Name}: {outcome}; {string.Join(" | ", said)}");
        return isFine;
    }
}
