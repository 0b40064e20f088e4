namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of one class of pixels.</summary>
/// <param name="Name">The class.</param>
/// <param name="Color">Its color in pictures, <c>#rrggbb</c>; null for the background, which is clear.</param>
/// <param name="Support">The number of its true pixels.</param>
/// <param name="Predicted">The number of pixels predicted as it.</param>
/// <param name="IoU">Their intersection over union.</param>
/// <param name="Dice">Twice the intersection over the sum of both.</param>
/// <param name="Accuracy">The fraction of its true pixels that is right.</param>
/// <param name="Precision">The fraction of pixels predicted as it that is right.</param>
/// <param name="BoundaryF1">The F1 of its outlines.</param>
internal sealed record PixelClassContent(
    string Name,
    string? Color,
    long Support,
    long Predicted,
    double? IoU,
    double? Dice,
    double? Accuracy,
    double? Precision,
    double? BoundaryF1
);
