using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>The kernels that the loaded library brings.</summary>
internal static class RegisteredKernels
{
    /// <summary>The registered kernels of an op.</summary>
    public static unsafe KernelList Of(string op)
    {
        using var status = new Status();
        using BufferHandle buffer = NativeMethods.TF_GetRegisteredKernelsForOp(op, status.Handle);
        status.Check($"The kernels of {op}");
        var native = (NativeBuffer*)buffer.DangerousGetHandle();
        return KernelList.Parser.ParseFrom(new ReadOnlySpan<byte>((void*)native->Data, checked((int)native->Length)));
    }

    /// <summary>True if there are GPU kernels. Only a build with CUDA or ROCm has them, whether or not this machine has a GPU.</summary>
    public static bool AreForGpus(KernelList kernels) => kernels.Kernel.Any(k => k.DeviceType == "GPU");
}
