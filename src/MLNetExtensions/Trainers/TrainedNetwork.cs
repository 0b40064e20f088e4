using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>The result that a trainer hands to its estimator.</summary>
/// <param name="Network">From pixels, float [batch, channels, CanvasHeight, CanvasWidth] in 0..255, to outputs [batch, <see cref="ScoringTask.NetworkOutputs"/>].</param>
/// <param name="Preprocessing">How images become the network's pixels.</param>
/// <param name="Task">What the outputs mean.</param>
/// <param name="Result">What the run did.</param>
internal sealed record TrainedNetwork(OnnxGraph Network, ImagePreprocessing Preprocessing, ScoringTask Task, TrainingResult Result);
