using System.Runtime.InteropServices;
using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp;

/// <summary>The device, precision and thread count that the options ask for, checked against the machine.</summary>
internal sealed record TrainingDevice(torch.Device Device, TrainingPrecision Precision, int Threads)
{
    /// <summary>The type in which convolutions and matrix products compute.</summary>
    public torch.ScalarType ComputeType => Precision == TrainingPrecision.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;

    /// <summary>Chooses by the options. The number of threads is set for the whole process: libtorch has one pool.</summary>
    /// <exception cref="InvalidOperationException">The GPU asked for is not there.</exception>
    public static TrainingDevice Choose(TrainingSessionOptions options)
    {
        if (options.Threads is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asked, nameof(options.Threads));
        if ((options.IsSmall ? 1 : options.Threads ?? ProcessorFeatures.PhysicalCores) is { } threads)
            torch.set_num_threads(threads);

        torch.Device device = torch.CPU;
        if (options.GpuDeviceId is { } gpu)
        {
            int found = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            if (gpu >= 0 && gpu < found)
                device = torch.device(DeviceType.CUDA, gpu);
            else if (!options.FallbackToCpu)
                throw new InvalidOperationException(
                    $"GPU {gpu} was asked for, but libtorch sees {found} CUDA GPUs. Add the package TorchSharp-cuda-linux or "
                        + $"TorchSharp-cuda-windows (instead of TorchSharp-cpu) "
                        + $"and a CUDA driver, or name a CUDA libtorch in {Native.NativeLibraries.FolderVariable}; or set FallbackToCpu."
                );
        }
        bool native = device.type == DeviceType.CUDA ? CudaComputeCapability(device.index) >= 8 : ProcessorFeatures.HasBFloat16;
        // The norm that a gradient is clipped to holds for what is computed, to the last bits.
        return new TrainingDevice(device, Resolve(options.Precision, native && options.Privacy is null), torch.get_num_threads());
    }

    /// <summary>Resolves the requested precision, given whether the device supports bfloat16 natively.</summary>
    internal static TrainingPrecision Resolve(TrainingPrecision asked, bool nativeBFloat16) =>
        asked switch
        {
            TrainingPrecision.Auto => nativeBFloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
            TrainingPrecision.Float16 => throw new NotSupportedException(
                "Precision Float16 is not one of the TorchSharp runtime's: it computes in Float32 and BFloat16. Choose one of them or "
                    + "Auto, or the TensorFlow runtime."
            ),
            _ => asked,
        };

    /// <inheritdoc/>
    public override string ToString()
    {
        string precision = Precision == TrainingPrecision.BFloat16 ? "bf16" : "fp32";
        return Device.type == DeviceType.CPU ? $"cpu, {Threads} threads, {precision}" : $"cuda:{Device.index}, {precision}";
    }

    /// <summary>The GPU's major compute capability; TorchSharp does not tell it, the CUDA driver does.</summary>
    private static int CudaComputeCapability(int index)
    {
        const int majorVersionAttribute = 75;
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out IntPtr driver))
            return 0;
        try
        {
            unsafe
            {
                var getDevice = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
                var getAttribute = (delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetAttribute");
                int device,
                    major;
                return getDevice(&device, index) == 0 && getAttribute(&major, majorVersionAttribute, device) == 0 ? major : 0;
            }
        }
        finally
        {
            NativeLibrary.Free(driver);
        }
    }
}
