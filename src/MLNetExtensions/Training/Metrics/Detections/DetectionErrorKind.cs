namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>The errors of <see cref="DetectionErrors"/>; none for a right box.</summary>
internal enum DetectionErrorKind
{
    None,
    Classification,
    Localization,
    Both,
    Duplicate,
    Background,
    Missed,
}
