namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>The parts of images with boxes or masks.</summary>
/// <param name="Train">Those to train on, or all of them.</param>
/// <param name="Validation">Those that measure epochs; null if they do not come apart.</param>
/// <param name="Test">Those that measure the finished model; null if they do not come apart.</param>
internal sealed record AnnotationPlaces(AnnotationPlace Train, AnnotationPlace? Validation = null, AnnotationPlace? Test = null);
