namespace MLNetExtensions.Training;

/// <summary>
/// The workers that train one network together, as one of them sees them. All must make the same calls in the same order.
/// </summary>
/// <remarks>
/// A session may implement this too. Then a step makes one update from the rows of all workers' sessions, divided by the sum of their
/// <see cref="TrainingBatch.TargetWeight"/>, and returns the loss over all workers; a batch of weight 0 is ignored.
/// </remarks>
internal interface IWorkers : IDisposable
{
    /// <summary>The number of workers; 1 for a single one.</summary>
    int WorldSize { get; }

    /// <summary>The rank of this worker, from 0.</summary>
    int Rank { get; }

    /// <summary>Replaces values by their sums over all workers (all-reduce); the number of values must be the same on each.</summary>
    void AllReduceSum(Span<double> values);

    /// <summary>Checks that all workers have the same settings.</summary>
    /// <param name="settings">The names and values of the settings.</param>
    /// <exception cref="InvalidOperationException">The settings differ; on every worker the message names the settings, the workers and
    /// their values.</exception>
    void CheckEqual(IReadOnlyDictionary<string, string> settings);
}
