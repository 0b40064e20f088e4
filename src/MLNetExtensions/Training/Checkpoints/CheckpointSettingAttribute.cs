namespace MLNetExtensions.Training.Checkpoints;

/// <summary>Marks an option that a checkpoint must match: a run that resumes with another value would not be the same run.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CheckpointSettingAttribute : Attribute
{
    /// <summary>
    /// True if the run decides what the option comes to: the default of a null, a file as its content. Then that is compared.
    /// </summary>
    public bool AsUsed { get; init; }

    /// <summary>
    /// True for a setting that versions before it did not have: it is left out where it has its default, so that their checkpoints go on.
    /// </summary>
    public bool OmitsDefault { get; init; }
}
