namespace MLNetExtensions.Onnx;

/// <summary>A part of a file beside a model, which is known to be there.</summary>
internal readonly record struct ExternalData(FileInfo File, long Offset, int Length);
