using Microsoft.ML.Transforms.Image;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>A column of ML.NET's ExtractPixels.</summary>
internal sealed record ExtractStep(
    string Output,
    string Input,
    ImagePixelExtractingEstimator.ColorBits Colors,
    ImagePixelExtractingEstimator.ColorsOrder Order,
    bool IsInterleaved,
    float Offset,
    float Scale,
    bool IsFloat
);
