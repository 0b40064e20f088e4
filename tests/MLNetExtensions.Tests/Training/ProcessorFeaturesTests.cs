using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public sealed class ProcessorFeaturesTests
{
    /// <summary>Linux tells the same in its own words.</summary>
    [Fact]
    public void Instruction_sets_are_those_that_the_system_lists()
    {
        const string processors = "/proc/cpuinfo";
        Assert.SkipUnless(File.Exists(processors), "needs /proc/cpuinfo");
        HashSet<string> flags =
        [
            .. File.ReadLines(processors)
                .Where(l => l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal))
                .Take(1)
                .SelectMany(l => l.Split(':')[1].Split(' ')),
        ];
        (string Name, string Flag)[] known =
        [
            ("SSE4.2", "sse4_2"),
            ("AVX", "avx"),
            ("FMA", "fma"),
            ("AVX2", "avx2"),
            ("AVX_VNNI", "avx_vnni"),
            ("AVX512F", "avx512f"),
            ("AVX512_VNNI", "avx512_vnni"),
            ("AVX512_BF16", "avx512_bf16"),
            ("NEON", "asimd"),
            ("DOTPROD", "asimddp"),
        ];
        string[] there = [.. known.Where(k => flags.Contains(k.Flag)).Select(k => k.Name)];
        Assert.Equal(ProcessorFeatures.InstructionSets.Contains("AVX512_BF16"), ProcessorFeatures.HasBFloat16);
        // DOTNET_EnableHWIntrinsic=0, DOTNET_EnableAVX2=0 and their like forbid some of them.
        if (
            Environment
                .GetEnvironmentVariables()
                .Keys.Cast<string>()
                .Any(name => name.StartsWith("DOTNET_Enable", StringComparison.Ordinal))
        )
            Assert.Subset(there.ToHashSet(), ProcessorFeatures.InstructionSets.ToHashSet());
        else
            Assert.Equal(there, ProcessorFeatures.InstructionSets);
    }
}
