using System.Globalization;
using Microsoft.ML;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Training;

/// <summary>The processor that a user asks for.</summary>
internal static class Devices
{
    /// <summary>A context that uses a device.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="device">cpu, gpu, or a GPU's number; null for the CPU.</param>
    /// <param name="origin">Where it was given, for messages.</param>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static MLContext CreateContext(int? seed, string? device, string origin) =>
        device is null or "cpu" ? new MLContext(seed)
        : device == "gpu" ? new MLContext(seed) { GpuDeviceId = 0 }
        : int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out int gpu) ? new MLContext(seed) { GpuDeviceId = gpu }
        : throw new UsageException($"{origin} is '{device}'; it must be cpu, gpu, or the number of a GPU, from 0.");
}
