using Microsoft.ML.Transforms.Image;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>A column of ML.NET's ResizeImages.</summary>
internal sealed record ResizeStep(
    string Output,
    string Input,
    int Width,
    int Height,
    ImageResizingEstimator.ResizingKind Kind,
    ImageResizingEstimator.Anchor Anchor
);
