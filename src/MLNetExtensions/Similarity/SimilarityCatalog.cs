using MLNetExtensions.Data.Schema;
using MLNetExtensions.Similarity;
using MLNetExtensions.Similarity.Indexing;

namespace Microsoft.ML;

/// <summary>Finds images that are alike.</summary>
public static class SimilarityCatalog
{
    /// <summary>Builds an index of the features of rows, to find the rows most like another one.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with features, such as <c>ExtractImageFeatures</c> makes. They are read once.</param>
    /// <param name="options">The columns and the index's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or settings are out of range.</exception>
    /// <exception cref="InvalidDataException">A feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <example><code>
    /// EmbeddingIndex index = ml.Vision().BuildIndex(features);
    /// index.Save("photos.index");
    /// </code></example>
    public static EmbeddingIndex BuildIndex(this VisionOperationsCatalog catalog, IDataView data, BuildIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new BuildIndexOptions();
        options.Index.Validate();
        string? id =
            options.IdColumnName == DefaultColumnNames.ImagePath && data.Schema.GetColumnOrNull(options.IdColumnName) is null
                ? null
                : options.IdColumnName;
        IndexedRows rows = IndexedRows.Read(data, options.FeatureColumnName, id, options.LabelColumnName);
        return EmbeddingIndex.BuildOwn(rows.Values, rows.Length, options.Index, rows.Ids, rows.Labels);
    }
}
