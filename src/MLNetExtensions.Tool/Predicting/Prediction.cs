using MLNetExtensions.Serving;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>What a model says of an image.</summary>
/// <param name="Path">The image.</param>
/// <param name="Top">The most probable classes, the first one first; empty if the image cannot be read.</param>
/// <param name="Problem">Why the image cannot be read; null if it can.</param>
internal sealed record Prediction(string Path, IReadOnlyList<ClassScore> Top, string? Problem);
