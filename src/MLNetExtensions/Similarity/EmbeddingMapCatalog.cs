using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Similarity.Indexing;
using MLNetExtensions.Similarity.Maps;

namespace Microsoft.ML;

/// <summary>Maps of embeddings.</summary>
public static class EmbeddingMapCatalog
{
    /// <summary>
    /// Lays rows out in two dimensions by their features, so that images that are alike are near: classes that mix, duplicates and outliers
    /// are seen at a glance.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with features, such as <c>ExtractImageFeatures</c> makes. They are read once.</param>
    /// <param name="options">The method and the columns; null for the defaults.</param>
    /// <returns>A point for each row, in their order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or settings are out of range.</exception>
    /// <exception cref="InvalidDataException">A feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <example><code>
    /// IReadOnlyList&lt;MapPoint&gt; map = ml.Vision().MapEmbeddings(features, new EmbeddingMapOptions { Method = new TsneMap() });
    /// </code></example>
    public static IReadOnlyList<MapPoint> MapEmbeddings(
        this VisionOperationsCatalog catalog,
        IDataView data,
        EmbeddingMapOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new EmbeddingMapOptions();
        ArgumentNullException.ThrowIfNull(options.Method);
        var problems = new OptionProblems();
        options.Method.Check(problems);
        problems.Throw();
        string? id =
            options.IdColumnName == DefaultColumnNames.ImagePath && data.Schema.GetColumnOrNull(options.IdColumnName) is null
                ? null
                : options.IdColumnName;
        IndexedRows rows = IndexedRows.Read(data, options.FeatureColumnName, id, options.LabelColumnName);
        if (rows.Count < options.Method.LeastRows)
            throw new ArgumentException(
                $"There are {rows.Count} rows; {options.Method.GetType().Name} needs {options.Method.LeastRows} at least.",
                nameof(data)
            );
        double[] places = options.Method.Lay(rows.Values, rows.Length, options.Seed, options.CancellationToken);
        return
        [
            .. Enumerable
                .Range(0, rows.Count)
                .Select(row => new MapPoint((float)places[2 * row], (float)places[(2 * row) + 1], rows.Ids?[row], rows.Labels?[row])),
        ];
    }
}
