namespace MLNetExtensions.Training;

/// <summary>
/// The behavior of BatchNorm in training steps. Predictions always use the running statistics.
/// </summary>
public enum BatchNormMode
{
    /// <summary>Normalize by the batch's statistics and update the running ones.</summary>
    Train,

    /// <summary>Normalize by the running statistics and keep them fixed (fine-tuning on few images).</summary>
    Inference,
}
