namespace MLNetExtensions.Training;

/// <summary>Processes that train one network together, as one of them sees it. All must make the same calls in the same order.</summary>
/// <remarks>
/// A session may be this too. Then a step makes one update from the rows of all workers' sessions, divided by the sum of their <see cref="TrainingBatch.TargetWeight"/>, and
/// returns the loss of all; a batch of weight 0 does not count.
/// </remarks>
public interface IWorkers : IDisposable
{
    /// <summary>The number of workers; 1 where this one is alone.</summary>
    int WorldSize { get; }

    /// <summary>This worker's place among them, from 0.</summary>
    int Rank { get; }

    /// <summary>Replaces values by their sums over all workers; as many on each.</summary>
    void AllReduceSum(Span<double> values);

    /// <summary>Checks that all workers have the same settings.</summary>
    /// <param name="settings">Names and values.</param>
    /// <exception cref="InvalidOperationException">They have not; every worker gets the message that names the settings, the workers and their values.</exception>
    void CheckEqual(IReadOnlyDictionary<string, string> settings);
}
