using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TrainingContract.Ops.Cases;
using MLNetExtensions.UnseenModels;

namespace MLNetExtensions.Faults.Formats;

/// <summary>The graphs of the tests as files: every operator alone, and small networks as exporters write them.</summary>
internal static class OnnxCorpus
{
    private const int LargestFile = 40_000;

    /// <summary>Small networks.</summary>
    public static IReadOnlyList<byte[]> Networks { get; } =
    [.. UnseenModel.All.Select(m => m.Create().ToBytes()).Where(b => b.Length <= LargestFile)];

    public static IReadOnlyList<byte[]> Files { get; } = [.. Operators.Concat(Networks)];

    private static IEnumerable<byte[]> Operators =>
        RowCases
            .All.Select(c => c.ToGraph().ToBytes())
            .Concat(
                new[]
                {
                    ConvolutionCases.All,
                    ElementwiseCases.All,
                    IndexingCases.All,
                    LayoutCases.All,
                    NormalizationCases.All,
                    PoolingCases.All,
                    ReductionCases.All,
                    ResizeCases.All,
                }.SelectMany(cases => cases.Select(c => c.ToGraph().ToBytes()))
            );
}
