namespace MLNetExtensions.TensorFlow;

/// <summary>The result of a launch.</summary>
/// <param name="Attempts">For each start of all workers, how each of them ended.</param>
public sealed record TensorFlowLaunchResult(IReadOnlyList<IReadOnlyList<TensorFlowWorkerExit>> Attempts)
{
    /// <summary>True if every worker of the last start exited with code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>0, or what the first worker that failed in the last start ended with: for the launching program to end with.</summary>
    public int ExitCode => Attempts[^1].FirstOrDefault(worker => worker.ExitCode != 0 && !worker.WasStopped)?.ExitCode
        ?? (Attempts[^1].Any(worker => worker.WasStopped) ? 1 : 0);
}

/// <summary>The end of one worker.</summary>
/// <param name="Rank">Its number, from 0.</param>
/// <param name="ExitCode">What it ended with; 128 and the signal's number for one that a signal killed.</param>
/// <param name="WasStopped">Whether the launcher killed it, because another one had failed or it did not end when others had.</param>
public sealed record TensorFlowWorkerExit(int Rank, int ExitCode, bool WasStopped);
