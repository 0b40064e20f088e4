namespace MLNetExtensions.Training;

/// <summary>
/// What a session may also be: one of several workers, each with its own process, that train one network together. A step makes one update from the
/// rows of all of them, divided by the sum of their <see cref="TrainingBatch.TargetWeight"/>, and returns the loss of all; a batch of weight 0 does not count. All
/// workers must make the same calls of <see cref="ITrainingSession.Step"/> and of these methods, in the same order.
/// </summary>
public interface IWorkerSession
{
    /// <summary>The number of workers; 1 where the session trains alone.</summary>
    int Workers { get; }

    /// <summary>This worker's place among them, from 0.</summary>
    int Worker { get; }

    /// <summary>Replaces values by their sums over all workers; as many on each.</summary>
    void Sum(Span<double> values);

    /// <summary>Checks that all workers have the same settings.</summary>
    /// <param name="settings">Names and values.</param>
    /// <exception cref="InvalidOperationException">They have not; every worker gets the message that names the settings, the workers and their values.</exception>
    void CheckEqual(IReadOnlyDictionary<string, string> settings);
}
