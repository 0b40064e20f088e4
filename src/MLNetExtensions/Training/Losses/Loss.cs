using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>The loss to minimize. A runtime computes it from the first output and <see cref="TrainingBatch.Targets"/>.</summary>
/// <remarks>It cannot be derived from outside of this library: each runtime has its own computation of each loss.</remarks>
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>The number of target values of a row.</summary>
    /// <param name="width">The number of outputs of a row.</param>
    public virtual int TargetWidth(int width) => width;

    /// <summary>Computes the loss of given outputs without a runtime, for validation.</summary>
    /// <param name="outputs">The network's first output, one row after another.</param>
    /// <param name="targets">The encoded targets of the same rows, <see cref="TargetWidth"/> values each.</param>
    /// <param name="width">The number of outputs of a row.</param>
    /// <returns>The sum over the rows; divided by their <see cref="TrainingBatch.TargetWeight"/> it is the result of
    /// <see cref="ITrainingSession.Step"/>.</returns>
    public abstract double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }
}
