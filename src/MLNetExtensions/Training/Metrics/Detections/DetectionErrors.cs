namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>
/// The errors behind a mean average precision at an IoU of 0.5, by TIDE (Bolya et al., arXiv 2008.08115): a box that is wrong has one of five
/// errors, and an object that no box could have been is missed. What an error costs is the precision that would be gained without it; the
/// gains do not add up to what is missing, for errors hide each other.
/// </summary>
/// <remarks>The rules are those of tidecv, with COCO's mean over classes with objects and its 100 boxes of each class and image.</remarks>
public sealed record DetectionErrors
{
    /// <summary>Boxes on an object (IoU of 0.5 or more) of another class; mended by that class.</summary>
    public required DetectionError Classification { get; init; }

    /// <summary>Boxes near an object of their class (IoU of 0.1 to 0.5); mended by a better box.</summary>
    public required DetectionError Localization { get; init; }

    /// <summary>Boxes near an object of another class (IoU of 0.1 to 0.5); mended by their removal.</summary>
    public required DetectionError Both { get; init; }

    /// <summary>Boxes on an object that a box of a higher score is on; mended by their removal.</summary>
    public required DetectionError Duplicate { get; init; }

    /// <summary>Boxes on no object (IoU of up to 0.1); mended by their removal.</summary>
    public required DetectionError Background { get; init; }

    /// <summary>Objects that no box has found, and none would find if its class or its place were right; mended as if they were not
    /// there. A class of which nothing is left gains nothing.</summary>
    public required DetectionError Missed { get; init; }

    /// <summary>The mean average precision that would be gained if every wrong box had a lower score than every right one.</summary>
    public required double FalsePositiveDelta { get; init; }

    /// <summary>The mean average precision that would be gained if objects that are not found were not there.</summary>
    public required double FalseNegativeDelta { get; init; }
}
