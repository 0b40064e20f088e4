namespace MLNetExtensions.Training.RateTests;

/// <summary>An exponential mean of losses that is corrected for its start at zero, as Adam's are.</summary>
internal sealed class LossSmoothing
{
    private const double Keep = 0.98;

    private double _mean;
    private double _rest = 1;

    /// <summary>Adds a loss.</summary>
    /// <returns>The mean with it.</returns>
    public double Add(double loss)
    {
        _mean = Keep * _mean + (1 - Keep) * loss;
        _rest *= Keep;
        return _mean / (1 - _rest);
    }

    /// <summary>The means of some losses.</summary>
    public static double[] Of(IEnumerable<float> losses)
    {
        var smoothing = new LossSmoothing();
        return [.. losses.Select(loss => smoothing.Add(loss))];
    }
}
