namespace MLNetExtensions.Training.Checkpoints;

/// <summary>
/// The exception for a checkpoint that cannot be resumed from: it is damaged, or of another version, network or settings. The message says
/// which.
/// </summary>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string path, string reason, Exception? innerException = null)
        : base($"The checkpoint '{path}' cannot be used: {reason}", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A description of the problem with the checkpoint.</summary>
    public string Reason { get; }
}
