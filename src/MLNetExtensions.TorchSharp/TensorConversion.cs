using System.Runtime.InteropServices;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp;

/// <summary>Moves values between ONNX tensors, buffers and libtorch.</summary>
internal static class TensorConversion
{
    /// <summary>libtorch's type for an ONNX type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static torch.ScalarType ToScalarType(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => torch.ScalarType.Float32,
        OnnxElementType.Double => torch.ScalarType.Float64,
        OnnxElementType.Float16 => torch.ScalarType.Float16,
        OnnxElementType.BFloat16 => torch.ScalarType.BFloat16,
        OnnxElementType.UInt8 => torch.ScalarType.Byte,
        OnnxElementType.Int8 => torch.ScalarType.Int8,
        OnnxElementType.Int16 => torch.ScalarType.Int16,
        OnnxElementType.Int32 => torch.ScalarType.Int32,
        OnnxElementType.Int64 => torch.ScalarType.Int64,
        OnnxElementType.Bool => torch.ScalarType.Bool,
        _ => throw new NotSupportedException($"libtorch has no element type for ONNX's {type}."),
    };

    /// <summary>A copy of a constant, owned by the caller; 4-D floats are channels-last.</summary>
    public static Tensor ToTorch(OnnxTensor constant, torch.Device device)
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor tensor = torch.empty([.. constant.Shape], ToScalarType(constant.ElementType));
        constant.RawData.Span.CopyTo(tensor.bytes);
        if (constant.Shape.Count == 4 && tensor.is_floating_point())
            tensor = ToChannelsLast(tensor);
        return tensor.to(device).DetachFromDisposeScope();
    }

    /// <summary>A copy whose strides are those of NHWC.</summary>
    public static Tensor ToChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Copies a tensor's floats out, in C order.</summary>
    public static void CopyTo(Tensor tensor, Span<float> output)
    {
        using IDisposable scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(tensor.detach().to(torch.ScalarType.Float32).cpu().contiguous().bytes).CopyTo(output);
    }
}
