using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression;

/// <summary>A compressed model and the report about it.</summary>
/// <param name="Model">The model, with the same inputs and outputs as before. <see cref="OnnxGraph.Save(string)"/> writes its file.</param>
/// <param name="Report">Size, time and accuracy before and after.</param>
public sealed record CompressedModel(OnnxGraph Model, CompressionReport Report);
