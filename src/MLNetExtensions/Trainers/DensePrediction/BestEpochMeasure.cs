namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>The figure of the validation rows that says which epoch's weights a model gets, and when training no longer improves.</summary>
public enum BestEpochMeasure
{
    /// <summary>The task's own figure: the mean average precision at an IoU of 0.5 of detectors, the mean IoU of segmentation networks. Of equal
    /// ones the lower loss.</summary>
    Metric,

    /// <summary>The loss.</summary>
    Loss,
}
