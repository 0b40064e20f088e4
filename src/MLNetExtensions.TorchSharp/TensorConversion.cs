using System.Runtime.InteropServices;
using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Ops;

namespace MLNetExtensions.TorchSharp;

/// <summary>Moves values between ONNX tensors, buffers and libtorch.</summary>
internal static class TensorConversion
{
    /// <summary>A copy of a constant, owned by the caller; 4-D floats are channels-last.</summary>
    public static Tensor ToTorch(OnnxTensor constant, torch.Device device)
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor tensor = torch.empty([.. constant.Shape], constant.ElementType.ToScalarType());
        if (constant.ElementType is OnnxElementType.UInt16 or OnnxElementType.UInt32)
            tensor.copy_(torch.tensor(constant.ToInt64s()).reshape([.. constant.Shape]));
        else
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
