namespace MLNetExtensions.TensorFlow;

/// <summary>The result of <see cref="TensorFlowRuntime.Describe"/>.</summary>
/// <param name="Version">TensorFlow's version.</param>
/// <param name="LibraryPath">The library's file; null if the system's search path found it.</param>
/// <param name="Devices">The devices.</param>
/// <param name="Search">The search for the library, one line per step.</param>
/// <param name="HasGpuKernels">True if it was built for GPUs, with CUDA or ROCm; <paramref name="Devices"/> shows whether there is a driver
/// and a GPU.</param>
/// <param name="InstructionSets">The processor's instruction sets for numbers, of which TensorFlow's kernels choose at run time.</param>
public sealed record TensorFlowDescription(
    string Version,
    string? LibraryPath,
    IReadOnlyList<TensorFlowDevice> Devices,
    IReadOnlyList<string> Search,
    bool HasGpuKernels,
    IReadOnlyList<string> InstructionSets
)
{
    /// <summary>Formats the description as text.</summary>
    public override string ToString() =>
        $"TensorFlow {Version} ({LibraryPath ?? "the system's library path"}); devices: {string.Join(", ", Devices.Select(d => d.Name))}; "
        + $"{(HasGpuKernels ? Devices.Any(d => d.Type == "GPU") ? "built for GPUs" : "built for GPUs, but none is seen" : "built for the CPU only")}; "
        + $"instruction sets: {string.Join(", ", InstructionSets)}";
}
