namespace MLNetExtensions.Training.Losses;

/// <summary>Computes a loss of given outputs, again and again. It may hold native memory. Not thread-safe.</summary>
internal interface ILossMeasure : IDisposable
{
    /// <inheritdoc cref="Loss.Sum"/>
    double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width);
}
