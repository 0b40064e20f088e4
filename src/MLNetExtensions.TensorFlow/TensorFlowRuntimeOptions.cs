using MLNetExtensions.TensorFlow.Cluster;

namespace MLNetExtensions.TensorFlow;

/// <summary>The location of TensorFlow's library, and the GPU settings of its sessions.</summary>
public sealed class TensorFlowRuntimeOptions
{
    /// <summary>The library's file, or a folder that holds it.</summary>
    /// <value>
    /// The default is null: the environment variable <c>MLNETX_TENSORFLOW</c>, then the assets of SciSharp's packages beside the
    /// application, then a Python installation, then the system's search path.
    /// </value>
    public string? LibraryPath { get; set; }

    /// <summary>A Python installation or environment with the package tensorflow, or that package's folder.</summary>
    /// <value>The default is null: the active environment and the usual places are searched.</value>
    public string? PythonFolder { get; set; }

    /// <summary>True to allocate GPU memory as it is needed; false to allocate all of it at once.</summary>
    /// <value>The default is true.</value>
    public bool MemoryGrowth { get; set; } = true;

    /// <summary>The largest fraction of the GPU's memory to use, above 0 and up to 1.</summary>
    /// <value>The default is null: no limit.</value>
    public double? GpuMemoryFraction { get; set; }

    /// <summary>True to compile graphs with XLA where possible.</summary>
    /// <value>The default is false: on the CPU it was slower on the networks measured.</value>
    public bool Xla { get; set; }

    /// <summary>True to write each op's device to the standard error stream.</summary>
    /// <value>The default is false.</value>
    public bool LogDevicePlacement { get; set; }

    /// <summary>The machines that train together.</summary>
    /// <value>The default is null: this process alone. <see cref="TensorFlowCluster.FromEnvironment"/> returns the cluster in
    /// TF_CONFIG.</value>
    public TensorFlowCluster? Cluster { get; set; }

    internal TensorFlowRuntimeOptions Copy()
    {
        if (GpuMemoryFraction is <= 0 or > 1)
            throw new ArgumentOutOfRangeException(
                nameof(GpuMemoryFraction),
                GpuMemoryFraction,
                $"{nameof(GpuMemoryFraction)} must be above 0 and at most 1."
            );
        return (TensorFlowRuntimeOptions)MemberwiseClone();
    }
}
