namespace MLNetExtensions.Training.Checkpoints;

/// <summary>Marks an option that may differ between a checkpoint and the run that resumes from it.</summary>
/// <param name="reason">Why it may.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInCheckpointAttribute(string reason) : Attribute
{
    /// <summary>The reason why it may differ.</summary>
    public string Reason => reason;
}
