using MLNetExtensions.Imaging;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Reports;

/// <summary>A report that was written, and the figures in it.</summary>
public sealed record HtmlReport
{
    /// <summary>The full path of the HTML file.</summary>
    public required string Path { get; init; }

    /// <summary>The full path of the JSON file with the same figures.</summary>
    public required string JsonPath { get; init; }

    /// <summary>The metrics of a classifier; null for another model.</summary>
    public ClassificationReport? Classification { get; init; }

    /// <summary>The metrics of a model that gives each row any number of labels; null for another model.</summary>
    public MultiLabelReport? MultiLabel { get; init; }

    /// <summary>The metrics of a model that predicts numbers; null for another model.</summary>
    public RegressionReport? Regression { get; init; }

    /// <summary>The metrics of an object detector; null for another model.</summary>
    public DetectionReport? Detection { get; init; }

    /// <summary>The metrics of a segmentation network; null for another model.</summary>
    public SegmentationReport? Segmentation { get; init; }

    /// <summary>The number of images in the file.</summary>
    public required int Images { get; init; }

    /// <summary>The number of images that were left out to keep the file small.</summary>
    public required int ImagesLeftOut { get; init; }

    /// <summary>The images that should be shown and cannot be read; the report says so in their place.</summary>
    public required IReadOnlyList<InvalidImage> InvalidImages { get; init; }
}
