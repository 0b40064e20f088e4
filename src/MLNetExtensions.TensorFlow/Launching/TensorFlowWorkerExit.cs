namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>The exit of one worker.</summary>
/// <param name="Rank">Its number, from 0.</param>
/// <param name="ExitCode">Its exit code; 128 plus the signal's number if a signal killed it.</param>
/// <param name="WasStopped">True if the launcher killed it because another worker failed, or because it did not end after the
/// others.</param>
public sealed record TensorFlowWorkerExit(int Rank, int ExitCode, bool WasStopped);
