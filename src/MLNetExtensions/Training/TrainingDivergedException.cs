namespace MLNetExtensions.Training;

/// <summary>
/// The exception for training that diverged before it learned anything: no epoch was better than constant outputs. The message says what to
/// change.
/// </summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(string message)
        : base(message) { }
}
