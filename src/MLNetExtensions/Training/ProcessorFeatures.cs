using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Training;

/// <summary>The processor's features by which runtimes choose precision and threads.</summary>
internal static class ProcessorFeatures
{
    /// <summary>
    /// True if the processor has AVX512-BF16 (every processor with AMX-BF16 has it too) and the system lets programs use it.
    /// </summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported && (ExtendedFeatures(1).Eax & 1 << 5) != 0;

    /// <summary>
    /// The instruction sets for numbers that the processor has and the system and .NET let programs use, the oldest first, under the names
    /// that TensorFlow and oneDNN use.
    /// </summary>
    public static IReadOnlyList<string> InstructionSets { get; } =
    [
        .. new (string Name, bool IsThere)[]
        {
            ("SSE4.2", Sse42.IsSupported),
            ("AVX", Avx.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("AVX_VNNI", AvxVnni.IsSupported),
            ("AVX512F", Avx512F.IsSupported),
            ("AVX512_VNNI", Avx512F.IsSupported && (ExtendedFeatures(0).Ecx & 1 << 11) != 0),
            ("AVX512_BF16", HasBFloat16),
            ("NEON", AdvSimd.IsSupported),
            ("DOTPROD", Dp.IsSupported),
        }
            .Where(set => set.IsThere)
            .Select(set => set.Name),
    ];

    /// <summary>The number of physical cores this process may use, or null where the system does not tell.</summary>
    public static int? PhysicalCores
    {
        get
        {
            const string processors = "/sys/devices/system/cpu";
            if (!OperatingSystem.IsLinux() || !Directory.Exists(processors))
                return null;
            int cores = Directory
                .EnumerateDirectories(processors, "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores == 0 ? null : Math.Min(cores, Environment.ProcessorCount);
        }
    }

    /// <summary>A part of the processor's leaf 7; zeros where it has none.</summary>
    private static (int Eax, int Ecx) ExtendedFeatures(int part)
    {
        if (X86Base.CpuId(0, 0).Eax < 7 || part > X86Base.CpuId(7, 0).Eax)
            return default;
        (int eax, _, int ecx, _) = X86Base.CpuId(7, part);
        return (eax, ecx);
    }
}
