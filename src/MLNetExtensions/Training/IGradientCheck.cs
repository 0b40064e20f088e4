using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>
/// An interface that every session implements: it computes a step without applying it. Explanation needs that, and the tests that all
/// runtimes must pass (tests/Contract).
/// </summary>
internal interface IGradientCheck
{
    /// <summary>
    /// A step without its update: the training-mode loss and output, rows after one another, and the gradients of the trainable parameters
    /// by name, in C order, before penalties and clipping. Weights, optimizer state and BatchNorm's statistics stay; dropout's draws go on.
    /// </summary>
    (float Loss, float[] Output, IReadOnlyDictionary<string, OnnxTensor> Gradients) ComputeGradients(TrainingBatch batch);
}
