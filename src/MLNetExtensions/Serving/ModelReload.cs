namespace MLNetExtensions.Serving;

/// <summary>The result of reloading a model file that changed under a running <see cref="VisionPredictor"/>.</summary>
/// <param name="Path">The file.</param>
/// <param name="ModelVersion">The version that answers now: the new model's, or after an error still the old one's.</param>
/// <param name="Error">Why the file cannot be used; null where it is in use.</param>
public sealed record ModelReload(string Path, int ModelVersion, Exception? Error);
