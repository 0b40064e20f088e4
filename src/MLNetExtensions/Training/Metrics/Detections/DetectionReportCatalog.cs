using MLNetExtensions.Training.Metrics.Detections;

namespace Microsoft.ML;

/// <summary>Measures object detectors over scored rows.</summary>
public static class DetectionReportCatalog
{
    /// <summary>
    /// Measures an object detector over all images: COCO's mean average precision (IoU 0.5 to 0.95, 0.5, 0.75, by size and by class) and
    /// recall. Classes of labels and predictions are compared by name.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows. They are read once.</param>
    /// <param name="options">The names of the columns; null for the defaults, those of LoadFromCoco and of detection decoding.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">
    /// A row's columns do not fit together, a box is not finite or inverted, a label is missing, or labels and predictions have no class in
    /// common; the message names row and box.
    /// </exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <remarks>
    /// The rules are those of pycocotools' COCOeval for boxes (Lin et al., arXiv 1405.0312): the 100 best boxes of each class and image
    /// count. Scores below the threshold of the model's decoding are not there to be counted: set it to 0.001 or so for figures that
    /// compare with published ones.
    /// </remarks>
    /// <example><code>Console.WriteLine(ml.Vision().ReportDetection(detector.Transform(images)));</code></example>
    public static DetectionReport ReportDetection(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        DetectionReportOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        return DetectionColumns.Read(scored, options ?? new DetectionReportOptions()).Report();
    }
}
