namespace MLNetExtensions.Serving;

/// <summary>The result of reloading a model file that changed under a running <see cref="VisionPredictor"/>.</summary>
/// <param name="Path">The file.</param>
/// <param name="ModelVersion">The version in use: the new model's, or after an error still the old one's.</param>
/// <param name="Error">The error why the file cannot be used; null if it is in use.</param>
public sealed record ModelReload(string Path, int ModelVersion, Exception? Error);
