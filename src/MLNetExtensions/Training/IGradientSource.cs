using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>An optional interface of a session that can return the gradients of its latest step, for logs.</summary>
internal interface IGradientSource
{
    /// <summary>
    /// Copies the gradients of the latest step, as the update used them (clipped, accumulated), by parameter name; zeros before the first
    /// step.
    /// </summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadGradients();
}
