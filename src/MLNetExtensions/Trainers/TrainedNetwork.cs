using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>The result that a trainer hands to its estimator.</summary>
/// <param name="Network">From pixels, float [batch, channels, CanvasHeight, CanvasWidth] in 0..255, to outputs [batch,
/// <see cref="ScoringTask.NetworkOutputs"/>].</param>
/// <param name="Preprocessing">The preprocessing of the network's pixels.</param>
/// <param name="Task">The meaning of the outputs.</param>
/// <param name="Result">The result of the run.</param>
internal sealed record TrainedNetwork(OnnxGraph Network, ImagePreprocessing Preprocessing, ScoringTask Task, TrainingResult Result);
