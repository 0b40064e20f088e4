using MLNetExtensions.Reports;

namespace Microsoft.ML;

/// <summary>Writes reports about models.</summary>
public static class HtmlReportCatalog
{
    /// <summary>
    /// Writes one HTML file about a model over scored rows, and a JSON file with the same figures. The HTML file needs no network and no
    /// other file. A key label makes a report of a classifier: figures beside a trivial baseline, the worst mistakes as images, the
    /// confusion matrix, each class, confidence and calibration. A vector of labels makes one of a model of several labels a
    /// row, a label of numbers one of a regression: errors, predicted and true numbers, the worst rows. All have the training curves, settings and versions where <paramref name="options"/> give them.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows, from <c>model.Transform(testSet)</c>. Label and score are read once; then the images that
    /// are shown, without scoring again.</param>
    /// <param name="path">The HTML file; one that is there is replaced, and folders are made.</param>
    /// <param name="options">The columns, what is known of the training run, and the images; null for the defaults.</param>
    /// <returns>The figures, and where the files are.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of range.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are no rows, or the scores are not probabilities or not finite.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <example><code>
    /// HtmlReport report = ml.Vision().WriteReport(model.Transform(testSet), "report.html", new HtmlReportOptions { Model = model });
    /// Console.WriteLine(report.Classification);
    /// </code></example>
    public static HtmlReport WriteReport(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string path,
        HtmlReportOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new HtmlReportOptions();
        options.Validate();
        return ReportWriter.Write(scored, path, options);
    }
}
