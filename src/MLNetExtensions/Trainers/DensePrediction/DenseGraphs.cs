using MLNetExtensions.Onnx;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>The graphs behind a backbone's maps, with the same parameters.</summary>
/// <param name="Trained">From the maps and the targets to an output of which the first value is the image's loss.</param>
/// <param name="Deployed">From the maps to the model's output.</param>
/// <param name="HeadParameters">The names of the head's parameters, of a whole network with the graph to train.</param>
internal sealed record DenseGraphs(OnnxGraph Trained, OnnxGraph Deployed, Func<OnnxGraph, IReadOnlyList<string>> HeadParameters);
