using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Similarity.Maps;

/// <summary>The options of <see cref="Microsoft.ML.EmbeddingMapCatalog.MapEmbeddings"/>.</summary>
public sealed class EmbeddingMapOptions
{
    /// <summary>The method.</summary>
    /// <value>The default is <see cref="UmapMap"/>.</value>
    public EmbeddingMapMethod Method { get; set; } = new UmapMap();

    /// <summary>The column of features, a vector of Single of known size.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column of ids, text; null for none.</summary>
    /// <value>The default is <c>ImagePath</c>; where there is no such column, there are no ids.</value>
    public string? IdColumnName { get; set; } = DefaultColumnNames.ImagePath;

    /// <summary>The column of labels, text or a key; null for none.</summary>
    /// <value>The default is null.</value>
    public string? LabelColumnName { get; set; }

    /// <summary>The seed.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Ends it with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }
}
