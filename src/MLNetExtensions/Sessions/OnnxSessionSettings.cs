using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Sessions;

/// <summary>The settings with which ONNX Runtime runs a model. They are copied when they are passed.</summary>
public sealed class OnnxSessionSettings
{
    /// <summary>
    /// The number of threads that decode and score. A view is scored by this many threads in parallel, up to sixteen batches at a time,
    /// which share the threads beyond sixteen. A single row (PredictionEngine) is scored by all threads together, in a second session that
    /// takes the model's memory again. With 1 there is only one session.
    /// </summary>
    /// <value>The default is null: the number of processors.</value>
    public int? Threads { get; set; }

    /// <summary>
    /// Creates ONNX Runtime's session options: execution providers, thread counts, custom operator libraries, graph optimization. They are
    /// used unchanged, and <see cref="Threads"/> counts only the decoding threads. It is called once per session; the caller keeps the
    /// options.
    /// </summary>
    /// <value>The default is null: the options of <c>ml.SetOnnxSessionOption</c>, or CUDA if MLContext.GpuDeviceId is set, or the
    /// CPU.</value>
    /// <example><code>
    /// CreateSessionOptions = () => { var options = new SessionOptions(); options.AppendExecutionProvider_CUDA(0); return options; }
    /// </code></example>
    public Func<SessionOptions>? CreateSessionOptions { get; set; }

    /// <summary>
    /// True to let ONNX Runtime keep used memory for the next batch. False frees memory after each batch, and scoring is slower.
    /// </summary>
    /// <value>The default is true.</value>
    public bool EnableMemoryArena { get; set; } = true;

    /// <summary>
    /// True to bind inputs and outputs once for all batches of a thread (OrtIoBinding), so that ONNX Runtime does not look them up for each
    /// batch. For execution providers with their own memory. Texts, 16-bit floats and outputs of unknown size are not bound.
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
