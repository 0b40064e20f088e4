using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring;

/// <summary>An ONNX Runtime session that runs a model of one float input and one float output on batches. Thread-safe.</summary>
internal sealed class ScoringSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly long[] _inputShape;

    /// <summary>Loads a model.</summary>
    /// <param name="context">Its GPU settings are used, and what SetOnnxSessionOption gave it.</param>
    /// <param name="graph">The first dimension of its input and of its first output is the batch.</param>
    public ScoringSession(MLContext context, OnnxGraph graph)
    {
        _inputNames = [graph.Inputs[0].Name];
        _outputNames = [graph.Outputs[0].Name];
        _inputShape = [.. graph.Inputs[0].Shape!.Select(d => d.Size ?? 1)];
        InputLength = checked((int)_inputShape[1..].Aggregate(1L, (product, size) => product * size));
        _session = Open(context, graph.ToBytes());
        OutputLength = Probe();
    }

    /// <summary>The number of input values of a row.</summary>
    public int InputLength { get; }

    /// <summary>The number of output values of a row.</summary>
    public int OutputLength { get; }

    /// <summary>Runs rows.</summary>
    /// <param name="input">The rows' input values, one row after another.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="output">Gets the rows' output values.</param>
    public void Run(Memory<float> input, int rows, Memory<float> output)
    {
        using OrtValue inputValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input[..(rows * InputLength)], [rows, .. _inputShape[1..]]);
        using OrtValue outputValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, output[..(rows * OutputLength)], [rows, OutputLength]);
        _session.Run(_runOptions, _inputNames, [inputValue], _outputNames, [outputValue]);
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private int Probe()
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[InputLength], [1, .. _inputShape[1..]]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, _inputNames, [input], _outputNames);
        return outputs[0].GetTensorDataAsSpan<float>().Length;
    }

    private static InferenceSession Open(MLContext context, byte[] model)
    {
        try
        {
            // Not disposed here: the user's own factory may hand out one object many times.
            return new InferenceSession(model, Options(context));
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new InvalidOperationException(
                "Scoring needs ONNX Runtime's native library. Add the package Microsoft.ML.OnnxRuntime to the application.", e);
        }
    }

    private static SessionOptions Options(MLContext context)
    {
        if (context.GetOnnxSessionOption()?.CreateSessionOptions is { } create)
            return create();
        var options = new SessionOptions();
        if (context.GpuDeviceId is not int gpu)
            return options;
        try
        {
            options.AppendExecutionProvider_CUDA(gpu);
            return options;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or OnnxRuntimeException)
        {
            options.Dispose();
            if (context.FallbackToCpu)
                return new SessionOptions();
            throw new InvalidOperationException($"GPU {gpu} (MLContext.GpuDeviceId) cannot be used for scoring: {e.Message} " +
                "Add the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, or set MLContext.FallbackToCpu.", e);
        }
    }
}
