using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports.Runs;

/// <summary>The machine that makes a report, and the versions of what runs on it.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    public static MachineContent Of(int? seed) =>
        new()
        {
            Processor = Processor(),
            Processors = Environment.ProcessorCount,
            InstructionSets = ProcessorFeatures.InstructionSets,
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            System = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})",
            Versions =
            [
                new VersionContent("MLNetExtensions", VersionOf(typeof(VisionExtensions))),
                new VersionContent("Microsoft.ML", VersionOf(typeof(MLContext))),
                new VersionContent("ONNX Runtime", VersionOf(typeof(SessionOptions))),
                new VersionContent(".NET", Environment.Version.ToString()),
            ],
            Seed = seed,
        };

    private static string Processor()
    {
        string? name =
            OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            : File.Exists(ProcessorFile)
                ? File.ReadLines(ProcessorFile)
                    .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                    ?.Split(':', 2)[^1]
                    .Trim()
            : null;
        return name is null ? $"{RuntimeInformation.ProcessArchitecture}" : $"{name} ({RuntimeInformation.ProcessArchitecture})";
    }

    // Behind a plus stands the commit.
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version!.ToString();
}
