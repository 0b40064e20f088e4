namespace MLNetExtensions.Training;

/// <summary>Training fell apart before it had learned anything: no epoch was better than a network that says nothing. The message says what to change.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(string message) : base(message)
    {
    }
}
