using MLNetExtensions.Quality;

namespace Microsoft.ML;

/// <summary>Finds wrong labels.</summary>
public static class LabelErrorCatalog
{
    /// <summary>
    /// Finds rows whose label is probably wrong (confident learning, <see href="https://arxiv.org/abs/1911.00068">arXiv 1911.00068</see>):
    /// heads on frozen features predict each fifth of the rows from the others, and rows that are confidently taken for another class are
    /// listed, the worst first. No training runtime is needed.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with a label, and an image, features or out-of-fold scores. They are read once, and once more for paths.</param>
    /// <param name="options">The source of predictions, the filter and the ranking; they are copied.</param>
    /// <exception cref="ArgumentException">There is no source of predictions, there are no rows, or they have one label alone.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or a feature is not finite.</exception>
    /// <exception cref="MLNetExtensions.Imaging.InvalidImageException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <example><code>
    /// LabelErrorReport report = ml.Vision().FindLabelErrors(photos, new LabelErrorOptions { Backbone = backbone });
    /// Console.WriteLine(report);
    /// </code></example>
    public static LabelErrorReport FindLabelErrors(this VisionOperationsCatalog catalog, IDataView data, LabelErrorOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Clone();
        options.Validate();
        return LabelErrorSearch.Run(catalog.Context, data, options);
    }

    /// <summary>Draws the images of the worst labels in a grid, each above its given label (red) and the suggested one (green).</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="report">The label errors, of rows with paths.</param>
    /// <param name="file">The PNG file to write.</param>
    /// <param name="options">Sizes and numbers; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are no issues, or they have no paths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    /// <exception cref="MLNetExtensions.Imaging.InvalidImageException">An image cannot be read.</exception>
    public static void PreviewLabelErrors(
        this VisionOperationsCatalog catalog,
        LabelErrorReport report,
        string file,
        PreviewLabelErrorsOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        options ??= new PreviewLabelErrorsOptions();
        options.Check();
        LabelErrorPreview.Write(report, file, options);
    }
}
