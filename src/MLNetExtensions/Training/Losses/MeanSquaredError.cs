namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Squared error, for regression, like PyTorch's MSELoss: a row's loss is the mean over its outputs of <c>(output - target)^2</c>.
/// <see cref="TrainingBatch.TargetWeight"/> is the number of rows.
/// </summary>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double error = outputs[i] - targets[i];
            sum += error * error;
        }
        return sum / width;
    }
}
