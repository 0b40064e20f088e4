using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>16-bit floats, which ML.NET does not have: 32-bit floats outside.</summary>
internal sealed class HalfBuffer : TensorBuffer<float>
{
    private Float16[] _halves = [];

    public override bool IsWritable => false;

    private protected override float Missing => float.NaN;

    private protected override float Sample(double value) => (float)value;

    private protected override double ToNumber(float item) => item;

    public override OrtValue ToOrtValue(long[] shape)
    {
        if (_halves.Length < Length)
            _halves = new Float16[Length];
        Span<Half> halves = System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(_halves.AsSpan(0, Length));
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(Items, halves);
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halves.AsMemory(0, Length), shape);
    }

    public override void Take(OrtValue value)
    {
        ReadOnlySpan<Half> halves = System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>());
        Resize(halves.Length);
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, Items);
    }
}
