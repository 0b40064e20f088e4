using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>
/// UMAP (<see href="https://arxiv.org/abs/1802.03426">arXiv 1802.03426</see>), with umap-learn's defaults but for the start, which is that
/// of <see cref="PcaMap"/>: neighbors stay neighbors, and groups keep more of their order than with <see cref="TsneMap"/>.
/// </summary>
public sealed record UmapMap : EmbeddingMapMethod
{
    private const int ManyRows = 10_000;

    /// <summary>The number of a row's neighbors, itself counted; 2 to 1000, all rows if there are fewer. More show larger structures.</summary>
    /// <value>The default is 15.</value>
    public int Neighbors { get; init; } = 15;

    /// <summary>The distance below which points are not pushed together any more, 0 to below 3.</summary>
    /// <value>The default is 0.1.</value>
    public double MinDistance { get; init; } = 0.1;

    /// <summary>The number of passes over the edges, at least 1.</summary>
    /// <value>The default is null: 500, and 200 for more than 10,000 rows.</value>
    public int? Epochs { get; init; }

    internal override int LeastRows => 3;

    internal override void Check(OptionProblems problems)
    {
        problems.Check(Neighbors is >= 2 and <= 1000, nameof(Neighbors), Neighbors, "2 to 1000");
        problems.Check(MinDistance is >= 0 and < 3, nameof(MinDistance), MinDistance, "0 to below 3");
        problems.Check(Epochs is null or > 0, nameof(Epochs), Epochs, "at least 1");
    }

    internal override double[] Lay(float[] values, int length, int seed, CancellationToken cancellation)
    {
        int rows = values.Length / length;
        NeighborTable neighbors = NeighborTable.Of(values, length, Math.Min(rows, Neighbors) - 1, cancellation);
        return UmapLayout.Run(
            UmapGraph.Of(neighbors),
            Flat(values, length),
            UmapCurve.Fit(MinDistance),
            Epochs ?? (rows > ManyRows ? 200 : 500),
            seed,
            cancellation
        );
    }
}
