namespace MLNetExtensions.Compression.Float16;

/// <summary>The parts of a model that become 16-bit floats.</summary>
public enum Float16Mode
{
    /// <summary>
    /// The weights in the file: half of its size. They become 32-bit floats when the model is loaded, so it is as fast as before.
    /// </summary>
    Weights,

    /// <summary>
    /// Weights and arithmetic: for GPUs and processors that compute with 16-bit floats; elsewhere ONNX Runtime converts around each
    /// operator, which is slower.
    /// </summary>
    Graph,
}
