namespace MLNetExtensions.Similarity;

/// <summary>How an index searches.</summary>
public enum IndexKind
{
    /// <summary>
    /// It compares a query with all vectors: exact, no time to build, and right for some ten thousand vectors or few queries.
    /// </summary>
    Flat,

    /// <summary>
    /// It walks a graph of near vectors on several levels (HNSW, <see href="https://arxiv.org/abs/1603.09320">arXiv 1603.09320</see>):
    /// approximate, and faster by orders of magnitude for many vectors.
    /// </summary>
    Hnsw,
}
