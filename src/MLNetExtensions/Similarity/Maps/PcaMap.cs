using MLNetExtensions.Imaging;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>The two directions in which the rows differ most (principal components): at once, and distances are true along both.</summary>
public sealed record PcaMap : EmbeddingMapMethod
{
    internal override int LeastRows => 2;

    internal override void Check(OptionProblems problems) { }

    internal override double[] Lay(float[] values, int length, int seed, CancellationToken cancellation) =>
        [.. Flat(values, length).Select(value => (double)value)];
}
