using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Ops;

/// <summary>What ONNX Runtime computes for a case.</summary>
internal static class OnnxRuntimeReference
{
    public static OpResult[] Run(OpCase opCase)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(opCase.ToGraph().ToBytes(), options);
        var feeds = opCase.Given.Where(i => !i.Input.IsConstant).ToDictionary(i => i.Name, i => ToOrtValue(i.Input.Tensor!));
        using var runOptions = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(runOptions, feeds, session.OutputNames);
        OpResult[] results = [.. outputs.Select(FromOrtValue)];
        foreach (OrtValue feed in feeds.Values)
            feed.Dispose();
        return results;
    }

    private static OrtValue ToOrtValue(OnnxTensor tensor) =>
        tensor.ElementType switch
        {
            OnnxElementType.Float => OrtValue.CreateTensorValueFromMemory(tensor.ToFloats(), [.. tensor.Shape]),
            OnnxElementType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.ToInt64s(), [.. tensor.Shape]),
            OnnxElementType.Bool => OrtValue.CreateTensorValueFromMemory(tensor.Span<bool>().ToArray(), [.. tensor.Shape]),
            _ => throw new NotSupportedException($"no case needs {tensor.ElementType}"),
        };

    private static OpResult FromOrtValue(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        var type = (OnnxElementType)(int)info.ElementDataType;
        double[] values = type switch
        {
            OnnxElementType.Float => [.. value.GetTensorDataAsSpan<float>().ToArray().Select(v => (double)v)],
            OnnxElementType.Int64 => [.. value.GetTensorDataAsSpan<long>().ToArray().Select(v => (double)v)],
            OnnxElementType.Int32 => [.. value.GetTensorDataAsSpan<int>().ToArray().Select(v => (double)v)],
            OnnxElementType.Bool => [.. value.GetTensorDataAsSpan<bool>().ToArray().Select(v => v ? 1.0 : 0)],
            _ => throw new NotSupportedException($"no case makes {type}"),
        };
        return new OpResult(type, info.Shape, values);
    }
}

/// <summary>An output, as doubles in C order.</summary>
internal sealed record OpResult(OnnxElementType ElementType, long[] Shape, double[] Values);
