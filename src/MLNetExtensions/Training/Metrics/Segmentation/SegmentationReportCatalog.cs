using MLNetExtensions.Imaging;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace Microsoft.ML;

/// <summary>Measures semantic segmentations over scored rows.</summary>
public static class SegmentationReportCatalog
{
    /// <summary>
    /// Measures a semantic segmentation over all images: IoU, Dice, accuracy, precision and boundary F1 of each class, and their means. The
    /// pixels of all images are counted together, without those that do not count.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows. They are read once.</param>
    /// <param name="options">The columns, and the tolerance of outlines; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or the tolerance is out of range.</exception>
    /// <exception cref="ArgumentException">There are no rows, or it is not known what the classes are.</exception>
    /// <exception cref="InvalidImageException">A mask cannot be read; the message names the row.</exception>
    /// <exception cref="InvalidDataException">A prediction has another size than its mask, or an index of no class; the message names row
    /// and pixel.</exception>
    /// <remarks>Classes that are in no mask and no prediction are left out of the means.</remarks>
    /// <example><code>Console.WriteLine(ml.Vision().ReportSegmentation(model.Transform(images)));</code></example>
    public static SegmentationReport ReportSegmentation(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        SegmentationReportOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        return SegmentationColumns.Measure(scored, options ?? new SegmentationReportOptions());
    }
}
