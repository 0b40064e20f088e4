using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>The loss to minimize. A runtime computes it from the first output and <see cref="TrainingBatch.Targets"/>.</summary>
/// <remarks>
/// It cannot be derived from outside of this library, because each runtime has its own computation of each loss.
/// <see cref="OnnxLoss"/> is a loss of your own for all runtimes.
/// </remarks>
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
    /// <returns>The sum over the rows; divided by their <see cref="TrainingBatch.TargetWeight"/> it is the loss of a step.</returns>
    public abstract double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width);

    /// <summary>Prepares to compute the loss many times as <see cref="Sum"/> does; dispose the result.</summary>
    internal virtual ILossMeasure OpenMeasure() => new ManagedMeasure(this);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }

    private sealed class ManagedMeasure(Loss loss) : ILossMeasure
    {
        public double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width) => loss.Sum(outputs, targets, width);

        public void Dispose() { }
    }
}
