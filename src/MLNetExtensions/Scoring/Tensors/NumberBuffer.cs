using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Numbers and Booleans, which ONNX Runtime holds as .NET does.</summary>
internal abstract class NumberBuffer<T> : TensorBuffer<T>
    where T : unmanaged
{
    public override OrtValue ToOrtValue(long[] shape) => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, Memory, shape);

    public override void Take(OrtValue value)
    {
        ReadOnlySpan<T> elements = value.GetTensorDataAsSpan<T>();
        Resize(elements.Length);
        elements.CopyTo(Items);
    }
}
