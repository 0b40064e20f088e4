using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNetExtensions.UnseenModels;

/// <summary>What ONNX Runtime alone computes from a file, one image at a time.</summary>
internal sealed class UnseenReference : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="file">The model's file.</param>
    public UnseenReference(string file)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(file, options);
        Outputs = [.. _session.OutputNames.Where(name => _session.OutputMetadata[name].OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR)];
    }

    /// <summary>The outputs that are tensors.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The only input's name.</summary>
    public string Input => _session.InputNames[0];

    /// <summary>The outputs of one image, numbers as double, text as text.</summary>
    public object[][] Run(float[] image, int side)
    {
        NodeMetadata metadata = _session.InputMetadata[Input];
        long[] shape =
        [
            .. metadata.Dimensions.Select(
                (d, axis) =>
                    axis == 0 ? 1L
                    : d > 0 ? d
                    : side
            ),
        ];
        using OrtValue input =
            metadata.ElementDataType == TensorElementType.Float16
                ? OrtValue.CreateTensorValueFromMemory(image.Select(v => (Float16)v).ToArray(), shape)
                : OrtValue.CreateTensorValueFromMemory(image, shape);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(
            run,
            new Dictionary<string, OrtValue> { [Input] = input },
            Outputs
        );
        return [.. results.Select(Values)];
    }

    public void Dispose() => _session.Dispose();

    private static object[] Values(OrtValue value) =>
        value.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => [.. value.GetTensorDataAsSpan<float>().ToArray().Select(v => (object)(double)v)],
            TensorElementType.Float16 => [.. value.GetTensorDataAsSpan<Float16>().ToArray().Select(v => (object)(double)(float)v)],
            TensorElementType.Int64 => [.. value.GetTensorDataAsSpan<long>().ToArray().Select(v => (object)(double)v)],
            TensorElementType.String => [.. value.GetStringTensorAsArray()],
            var type => throw new NotSupportedException($"No kind has outputs of {type}."),
        };
}
