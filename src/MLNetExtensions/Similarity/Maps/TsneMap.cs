using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>
/// t-SNE (van der Maaten and Hinton, 2008; Barnes-Hut, 2014), with scikit-learn's defaults: neighbors stay neighbors; sizes of groups and
/// distances between them say nothing.
/// </summary>
public sealed record TsneMap : EmbeddingMapMethod
{
    private const int ReducedLength = 50;

    /// <summary>The number of neighbors that a row has, roughly: 1 and more, below a third of the rows.</summary>
    /// <value>The default is 30; of fewer than 91 rows, a third of them less 1.</value>
    public double? Perplexity { get; init; }

    /// <summary>The number of steps, at least 250.</summary>
    /// <value>The default is 1000.</value>
    public int Iterations { get; init; } = 1000;

    /// <summary>How coarsely far points are taken together, 0 (exact) to 1.</summary>
    /// <value>The default is 0.5.</value>
    public double Angle { get; init; } = 0.5;

    internal override int LeastRows => 4;

    internal override void Check(OptionProblems problems)
    {
        problems.Check(Perplexity is null or (>= 1 and < 10_000), nameof(Perplexity), Perplexity, "at least 1");
        problems.Check(Iterations >= 250, nameof(Iterations), Iterations, "at least 250");
        problems.Check(Angle is >= 0 and <= 1, nameof(Angle), Angle, "0 to 1");
    }

    internal override double[] Lay(float[] values, int length, int seed, CancellationToken cancellation)
    {
        int rows = values.Length / length;
        double perplexity = Perplexity ?? Math.Max(1, Math.Min(30, ((rows - 1) / 3.0) - 1e-9));
        if (perplexity >= rows / 3.0 && Perplexity is not null)
            throw new ArgumentException($"{nameof(Perplexity)} is {perplexity}; for {rows} rows it must be below {rows / 3.0:0.#}.");
        if (length > ReducedLength)
        {
            PrincipalComponents components = PrincipalComponents.Of(values, length, ReducedLength);
            (values, length) = (components.Project(values), components.Variances.Length);
        }
        NeighborTable neighbors = NeighborTable.Of(values, length, Math.Min(rows - 1, (int)Math.Ceiling(3 * perplexity)), cancellation);
        return TsneLayout.Run(TsneAffinities.Of(neighbors, perplexity), Flat(values, length), Iterations, Angle, cancellation);
    }
}
