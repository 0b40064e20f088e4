namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>The result of a launch.</summary>
/// <param name="Attempts">The exits of all workers, for each start.</param>
public sealed record TensorFlowLaunchResult(IReadOnlyList<IReadOnlyList<TensorFlowWorkerExit>> Attempts)
{
    /// <summary>True if every worker of the last start exited with code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The exit code of the launch: 0, or that of the first worker that failed in the last start.</summary>
    public int ExitCode =>
        Attempts[^1].FirstOrDefault(worker => worker.ExitCode != 0 && !worker.WasStopped)?.ExitCode
        ?? (Attempts[^1].Any(worker => worker.WasStopped) ? 1 : 0);
}
