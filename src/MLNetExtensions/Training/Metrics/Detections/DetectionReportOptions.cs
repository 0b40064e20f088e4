using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>The options of <c>ml.Vision().ReportDetection</c>: the columns.</summary>
public sealed record DetectionReportOptions
{
    /// <summary>The classes of the objects of each image: a vector of keys.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = DefaultColumnNames.Label;

    /// <summary>The boxes of the objects: a vector of Single with left, top, right, bottom of each, in pixels.</summary>
    /// <value>The default is <c>BoundingBoxes</c>.</value>
    public string BoundingBoxesColumnName { get; init; } = DefaultColumnNames.BoundingBoxes;

    /// <summary>
    /// Says which boxes are around many objects (COCO's <c>iscrowd</c>), which count neither as found nor as missed: a vector of Boolean. A
    /// column that is not there means that none are.
    /// </summary>
    /// <value>The default is <c>IsCrowd</c>.</value>
    public string? IsCrowdColumnName { get; init; } = DefaultColumnNames.IsCrowd;

    /// <summary>The classes of the found boxes: a vector of keys.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The found boxes, like <see cref="BoundingBoxesColumnName"/>.</summary>
    /// <value>The default is <c>PredictedBoundingBoxes</c>.</value>
    public string PredictedBoundingBoxesColumnName { get; init; } = DefaultColumnNames.PredictedBoundingBoxes;

    /// <summary>The scores of the found boxes: a vector of Single.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;
}
