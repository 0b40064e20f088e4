using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Training;

/// <summary>What the processor has, as runtimes choose precision and threads by it.</summary>
internal static class ProcessorFeatures
{
    /// <summary>Whether the processor has AVX512-BF16 (every processor with AMX-BF16 has it too) and the system lets programs use it.</summary>
    public static bool HasBFloat16 { get; } =
        Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <summary>The number of physical cores this process may use, or null where the system does not tell.</summary>
    public static int? PhysicalCores
    {
        get
        {
            const string processors = "/sys/devices/system/cpu";
            if (!OperatingSystem.IsLinux() || !Directory.Exists(processors))
                return null;
            int cores = Directory.EnumerateDirectories(processors, "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists).Select(File.ReadAllText).Distinct().Count();
            return cores == 0 ? null : Math.Min(cores, Environment.ProcessorCount);
        }
    }
}
