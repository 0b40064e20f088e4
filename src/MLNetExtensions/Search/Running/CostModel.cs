namespace MLNetExtensions.Search.Running;

/// <summary>
/// Predicts how long trainings take, from those before: a part that each has, and one for each epoch. Predictions are a deviation above
/// the mean, as trials with small batches or large networks take longer than others.
/// </summary>
internal sealed class CostModel
{
    private readonly List<double> _fixed = [],
        _byEpoch = [];

    /// <summary>True if there is a training to predict from.</summary>
    public bool IsKnown => _byEpoch.Count > 0;

    /// <summary>Adds a training.</summary>
    /// <param name="seconds">The time that it took.</param>
    /// <param name="epochs">The epochs trained in it; 0 where they are not known.</param>
    /// <param name="epochSeconds">The time of those epochs.</param>
    public void Add(double seconds, int epochs, double epochSeconds)
    {
        _fixed.Add(epochs > 0 ? Math.Max(0, seconds - epochSeconds) : 0);
        _byEpoch.Add(epochs > 0 ? epochSeconds / epochs : seconds);
    }

    /// <summary>
    /// The seconds that trainings will take. The first one's start is left out: it loads libraries, and decodes images for all.
    /// </summary>
    /// <param name="trainings">Their number.</param>
    /// <param name="epochs">Their epochs together; as many as trainings where epochs are not known.</param>
    public double Predict(double trainings, double epochs) => (trainings * Above([.. _fixed.Skip(1)])) + (epochs * Above(_byEpoch));

    private static double Above(List<double> values)
    {
        if (values.Count == 0)
            return 0;
        double mean = values.Average();
        return mean + Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
