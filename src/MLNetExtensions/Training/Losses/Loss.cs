using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>The loss to minimize. A runtime computes it from the first output and <see cref="TrainingBatch.Targets"/>.</summary>
public abstract record Loss
{
    /// <summary>The number of target values of a row.</summary>
    /// <param name="width">The number of outputs of a row.</param>
    public virtual int TargetWidth(int width) => width;

    /// <summary>The loss of given outputs, computed here: for validation, without a runtime.</summary>
    /// <param name="outputs">The network's first output, rows after one another.</param>
    /// <param name="targets">The encoded targets of the same rows, <see cref="TargetWidth"/> values each.</param>
    /// <param name="width">The number of outputs of a row.</param>
    /// <returns>The sum over the rows; divided by their <see cref="TrainingBatch.TargetWeight"/> it is what <see cref="ITrainingSession.Step"/> returns.</returns>
    public abstract double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width);

    /// <summary>Notes what is wrong with its settings.</summary>
    internal virtual void Check(SettingChecks checks)
    {
    }
}
