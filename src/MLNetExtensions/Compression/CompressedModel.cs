using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression;

/// <summary>A smaller model and what became of it.</summary>
/// <param name="Model">The model: the same inputs and outputs as before. <see cref="OnnxGraph.Save(string)"/> writes its file.</param>
/// <param name="Report">Size, time and accuracy before and after.</param>
public sealed record CompressedModel(OnnxGraph Model, CompressionReport Report);
