namespace MLNetExtensions.Reports.Content;

/// <summary>How to repeat the run and to load the model.</summary>
/// <param name="RepeatCommand">The command that repeats the run; null where it is not known.</param>
/// <param name="CSharp">Code that loads the model and predicts an image; null where the images' column is not known.</param>
/// <param name="Python">The same for the exported ONNX file; null where the model is not known.</param>
internal sealed record UsageContent(string? RepeatCommand, string? CSharp, string? Python);
