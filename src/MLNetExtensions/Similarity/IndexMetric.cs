namespace MLNetExtensions.Similarity;

/// <summary>How far apart two vectors are.</summary>
public enum IndexMetric
{
    /// <summary>1 - the cosine of their angle, 0 to 2: lengths do not count. Vectors are kept with length 1.</summary>
    Cosine,

    /// <summary>The Euclidean distance.</summary>
    L2,
}
