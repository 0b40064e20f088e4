using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>What the trainer hands to the estimator.</summary>
/// <param name="Network">From pixels, float [batch, 3, CanvasHeight, CanvasWidth] in 0..255, to logits [batch, classes].</param>
/// <param name="Preprocessing">How pictures become the network's pixels.</param>
/// <param name="Result">What the run did.</param>
internal sealed record TrainedClassifier(OnnxGraph Network, ImagePreprocessing Preprocessing, FineTuneResult Result);
