using MLNetExtensions.Tests.Uncertainty;

namespace MLNetExtensions.Tests.Similarity;

/// <summary>Vectors to search in.</summary>
internal static class DrawnVectors
{
    public static float[] Gaussian(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count * dimension];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)ScoredRows.Normal(random);
        return values;
    }

    /// <summary>Clusters that lie apart, cluster after cluster, as the photos of a folder do.</summary>
    public static float[] Clustered(int count, int dimension, int seed, int clusters = 50, double spread = 0.2)
    {
        var random = new Random(seed);
        // The places of clusters are those of any seed.
        float[] centers = Gaussian(clusters, dimension, seed: 999),
            values = new float[count * dimension];
        for (int row = 0; row < count; row++)
        for (int i = 0; i < dimension; i++)
            values[(row * dimension) + i] =
                centers[((long)row * clusters / count * dimension) + i] + (float)(spread * ScoredRows.Normal(random));
        return values;
    }
}
