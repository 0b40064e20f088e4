using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>How embeddings are laid out in two dimensions.</summary>
public abstract record EmbeddingMapMethod
{
    private protected EmbeddingMapMethod() { }

    internal abstract void Check(OptionProblems problems);

    /// <summary>The number of rows from which on the method works.</summary>
    internal abstract int LeastRows { get; }

    /// <summary>Lays rows out.</summary>
    /// <param name="values">[rows, length].</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="seed">Draws.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>[rows, 2].</returns>
    internal abstract double[] Lay(float[] values, int length, int seed, CancellationToken cancellation);

    /// <summary>The places along the two main directions; rows of one value have 0 for the second.</summary>
    private protected static float[] Flat(float[] values, int length)
    {
        PrincipalComponents components = PrincipalComponents.Of(values, length, 2);
        float[] projected = components.Project(values);
        return components.Variances.Length == 2 ? projected : [.. projected.SelectMany(value => new[] { value, 0 })];
    }
}
