namespace MLNetExtensions.Training.Targets;

/// <summary>Figures of all validation rows together, which are no sum over rows; null if the task has no such figure.</summary>
/// <param name="MeanAveragePrecision50">Detection: COCO's mean average precision at an IoU of 0.5.</param>
/// <param name="MeanIoU">Segmentation: the mean IoU over classes.</param>
internal readonly record struct SetMeasures(double? MeanAveragePrecision50, double? MeanIoU)
{
    /// <summary>The figure that epochs are compared by; higher is better.</summary>
    public double? Main => MeanAveragePrecision50 ?? MeanIoU;
}
