using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Sessions;

/// <summary>The settings with which ONNX Runtime runs a model. They are copied when they are passed.</summary>
public sealed class OnnxSessionSettings
{
    /// <summary>
    /// The threads that decode and score, in all. A view is scored by this many threads side by side, up to sixteen batches at a time, which share the threads
    /// beyond sixteen; a single row (PredictionEngine) is scored by all of them together, by a session of its own that takes the model's memory again. With 1 there
    /// is one session.
    /// </summary>
    /// <value>The default is null: the number of processors.</value>
    public int? Threads { get; set; }

    /// <summary>
    /// Makes ONNX Runtime's session options: execution providers, thread counts, custom operator libraries, graph optimization. What it makes is used as it is, and
    /// <see cref="Threads"/> counts only the threads that decode. It is called once for a session; the options stay the caller's.
    /// </summary>
    /// <value>The default is null: what <c>ml.SetOnnxSessionOption</c> was given, or CUDA where MLContext.GpuDeviceId is set, or the processor.</value>
    /// <example><code>
    /// CreateSessionOptions = () => { var options = new SessionOptions(); options.AppendExecutionProvider_CUDA(0); return options; }
    /// </code></example>
    public Func<SessionOptions>? CreateSessionOptions { get; set; }

    /// <summary>True to let ONNX Runtime keep used memory for the next batch. False frees memory after each batch, and scoring is slower.</summary>
    /// <value>The default is true.</value>
    public bool EnableMemoryArena { get; set; } = true;

    /// <summary>
    /// True to bind inputs and outputs once for all batches of a thread (OrtIoBinding), so that ONNX Runtime does not look them up for each batch. For execution
    /// providers with their own memory. Texts, 16-bit floats and outputs of unknown size are not bound.
    /// </summary>
    /// <value>The default is false.</value>
    public bool IoBinding { get; set; }

    internal OnnxSessionSettings Clone() => (OnnxSessionSettings)MemberwiseClone();

    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not positive.</exception>
    internal void Validate()
    {
        if (Threads is int threads)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads, nameof(Threads));
    }
}
