using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Huber's loss, for regression with outliers, like PyTorch's HuberLoss: <c>error^2 / 2</c> up to <paramref name="Delta"/>, then linear
/// along the tangent; a row's loss is the mean over its outputs. <see cref="TrainingBatch.TargetWeight"/> is the number of rows.
/// </summary>
/// <param name="Delta">The error, in the targets' unit, beyond which the loss is linear.</param>
public sealed record Huber(float Delta = 1) : Loss
{
    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double error = Math.Abs(outputs[i] - targets[i]);
            sum += error <= Delta ? error * error / 2 : Delta * (error - Delta / 2);
        }
        return sum / width;
    }

    internal override void Check(SettingChecks checks) => checks.Positive(Delta);
}
