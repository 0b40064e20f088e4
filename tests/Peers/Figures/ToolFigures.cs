using System.Diagnostics;
using MLNetExtensions.Tool.Tests;
using MLNetExtensions.Tool.Tests.Doctor;

namespace MLNetExtensions.Peers.Figures;

/// <summary>The command line: what doctor finds, and how soon help is there.</summary>
internal static class ToolFigures
{
    private const int Runs = 15;

    /// <summary>The planted faults that doctor finds, with their cures.</summary>
    public static double? DoctorFaults()
    {
        int found = 0;
        foreach (PlantedFault fault in PlantedFault.All)
        {
            string? missed = fault.Obstacle ?? fault.FindAsync().GetAwaiter().GetResult();
            Console.WriteLine($"{fault.Name}: {missed ?? "found"}");
            found += missed is null ? 1 : 0;
        }
        return found;
    }

    /// <summary>The median time of <c>mlnetx --help</c> over that of <c>dotnet --version</c>, measured in turns.</summary>
    public static double? Start()
    {
        var help = new List<double>();
        var version = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            help.Add(Milliseconds(ToolProcess.Program, "--help"));
            version.Add(Milliseconds("--version"));
        }
        help.Sort();
        version.Sort();
        Console.WriteLine($"mlnetx --help {help[Runs / 2]:F0} ms, dotnet --version {version[Runs / 2]:F0} ms (medians of {Runs})");
        return help[Runs / 2] / version[Runs / 2];
    }

    private static double Milliseconds(params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
