using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Sessions;

/// <summary>A model that <see cref="SessionOpening"/> has opened in ONNX Runtime. Thread-safe. It holds native memory.</summary>
internal sealed class RuntimeSession : IDisposable
{
    private readonly InferenceSession _session;

    // Made after the session, whose opening says what to do where ONNX Runtime is missing.
    private readonly RunOptions _options = new();

    /// <param name="session">The session; from now on this object's.</param>
    public RuntimeSession(InferenceSession session) => _session = session;

    /// <summary>The inputs' names, in the model's order.</summary>
    public IReadOnlyList<string> InputNames => _session.InputNames;

    /// <summary>The outputs' names, in the model's order.</summary>
    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    /// <summary>The inputs' types by their names.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>The outputs' types by their names.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>The model's own key-value pairs.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs the model; ONNX Runtime makes the outputs.</summary>
    /// <exception cref="OnnxRuntimeException">It could not.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputs,
        IReadOnlyCollection<string> outputNames
    ) => _session.Run(_options, inputNames, inputs, outputNames);

    /// <summary>Runs the model into outputs that are there.</summary>
    /// <exception cref="OnnxRuntimeException">It could not.</exception>
    public void Run(
        IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputs,
        IReadOnlyCollection<string> outputNames,
        IReadOnlyCollection<OrtValue> outputs
    ) => _session.Run(_options, inputNames, inputs, outputNames, outputs);

    /// <summary>Runs the model on its bound inputs and outputs.</summary>
    /// <exception cref="OnnxRuntimeException">It could not.</exception>
    public void Run(OrtIoBinding binding) => _session.RunWithBinding(_options, binding);

    /// <summary>Runs the model on what it may refuse; ONNX Runtime does not write that to the console.</summary>
    /// <exception cref="OnnxRuntimeException">It refused.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Try(
        IReadOnlyCollection<string> inputNames,
        IReadOnlyCollection<OrtValue> inputs,
        IReadOnlyCollection<string> outputNames
    )
    {
        using var quiet = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return _session.Run(quiet, inputNames, inputs, outputNames);
    }

    /// <summary>Makes what inputs and outputs are bound to.</summary>
    public OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
