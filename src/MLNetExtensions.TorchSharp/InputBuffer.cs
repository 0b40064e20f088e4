using System.Runtime.InteropServices;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The tensor of one graph input (or of the targets), filled anew by each step; 4-D floats become channels-last on the way.
/// </summary>
internal sealed class InputBuffer : IDisposable
{
    private readonly Tensor _staging;

    public InputBuffer(TensorType type, torch.Device device)
    {
        torch.ScalarType scalarType = type.ElementType.ToScalarType();
        _staging = torch.empty(type.Shape).DetachFromDisposeScope();
        bool channelsLast = type.Shape.Length == 4 && type.ElementType == OnnxElementType.Float && type.Shape[1] > 1;
        if (!channelsLast && device.type == DeviceType.CPU && scalarType == torch.ScalarType.Float32)
        {
            Tensor = _staging;
            return;
        }
        using IDisposable scope = torch.NewDisposeScope();
        Tensor tensor = torch.empty(type.Shape, scalarType, device);
        Tensor = (channelsLast ? TensorConversion.ToChannelsLast(tensor) : tensor).DetachFromDisposeScope();
    }

    /// <summary>The tensor that the graph reads.</summary>
    public Tensor Tensor { get; }

    /// <summary>The number of values.</summary>
    public long Count => _staging.numel();

    /// <summary>Copies values in.</summary>
    public void Fill(ReadOnlySpan<float> values)
    {
        values.CopyTo(MemoryMarshal.Cast<byte, float>(_staging.bytes));
        if (!ReferenceEquals(_staging, Tensor))
            Tensor.copy_(_staging);
    }

    public void Dispose()
    {
        _staging.Dispose();
        Tensor.Dispose();
    }
}
