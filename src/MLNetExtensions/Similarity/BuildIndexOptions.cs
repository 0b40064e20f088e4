using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Similarity;

/// <summary>The options of <see cref="Microsoft.ML.SimilarityCatalog.BuildIndex"/>.</summary>
public sealed class BuildIndexOptions
{
    /// <summary>The column of features, a vector of Single of known size.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column of ids, text; null for none.</summary>
    /// <value>The default is <c>ImagePath</c>; where there is no such column, there are no ids.</value>
    public string? IdColumnName { get; set; } = DefaultColumnNames.ImagePath;

    /// <summary>The column of labels, text or a key with text values; null for none.</summary>
    /// <value>The default is null.</value>
    public string? LabelColumnName { get; set; }

    /// <summary>The settings of the index.</summary>
    /// <value>The default is a HNSW index by cosine.</value>
    public EmbeddingIndexOptions Index { get; set; } = new();
}
