using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>An optional interface of a session that can keep some weights at 0 through every update.</summary>
internal interface IMaskedSession
{
    /// <summary>
    /// Keeps weights at 0 where their mask is 0, from now on; weights without a mask are free. It replaces earlier masks. Masks are not
    /// part of the session's state.
    /// </summary>
    /// <param name="masks">Masks of 0 and 1 by the name of a trainable parameter, of its shape.</param>
    /// <exception cref="ArgumentException">A name is not that of a trainable parameter, or a shape differs.</exception>
    void SetMasks(IReadOnlyDictionary<string, OnnxTensor> masks);
}
