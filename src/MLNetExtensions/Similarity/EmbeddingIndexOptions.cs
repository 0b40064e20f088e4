using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity;

/// <summary>Settings of an <see cref="EmbeddingIndex"/>. They are copied when it is built.</summary>
public sealed class EmbeddingIndexOptions
{
    /// <summary>How the index searches.</summary>
    /// <value>The default is <see cref="IndexKind.Hnsw"/>.</value>
    public IndexKind Kind { get; set; } = IndexKind.Hnsw;

    /// <summary>How far apart two vectors are.</summary>
    /// <value>The default is <see cref="IndexMetric.Cosine"/>.</value>
    public IndexMetric Metric { get; set; } = IndexMetric.Cosine;

    /// <summary>
    /// The links of a vector on each level (M), twice as many on the lowest; 2 to 128. More find more and need more memory and time to
    /// build.
    /// </summary>
    /// <value>The default is 16.</value>
    public int Links { get; set; } = 16;

    /// <summary>The candidates that are looked at for a vector's links (ef_construction), at least <see cref="Links"/>; at most 10,000.</summary>
    /// <value>The default is 200.</value>
    public int BuildCandidates { get; set; } = 200;

    /// <summary>
    /// The candidates that a search keeps (ef) where it does not say another number, 1 to 100,000. More find more and take longer; at least as
    /// many are kept as results are wanted.
    /// </summary>
    /// <value>The default is 100.</value>
    public int SearchCandidates { get; set; } = 100;

    /// <summary>The threads that build. The index is the same for any number.</summary>
    /// <value>The default is null: one for each processor.</value>
    public int? Threads { get; set; }

    /// <summary>The seed of the order of building and of the levels.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Ends the building with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal EmbeddingIndexOptions Clone() => (EmbeddingIndexOptions)MemberwiseClone();

    internal void Validate()
    {
        var problems = new OptionProblems();
        Check(problems);
        problems.Throw();
    }

    internal void Check(OptionProblems problems)
    {
        problems.Check(Enum.IsDefined(Kind), nameof(Kind), Kind, "Flat or Hnsw");
        problems.Check(Enum.IsDefined(Metric), nameof(Metric), Metric, "Cosine or L2");
        problems.Check(Links is >= 2 and <= 128, nameof(Links), Links, "2 to 128");
        problems.Check(
            BuildCandidates >= Links && BuildCandidates <= 10_000,
            nameof(BuildCandidates),
            BuildCandidates,
            "at least Links and at most 10,000"
        );
        problems.Check(SearchCandidates is >= 1 and <= 100_000, nameof(SearchCandidates), SearchCandidates, "1 to 100,000");
        problems.Check(Threads is null or > 0, nameof(Threads), Threads, "at least 1");
    }
}
