namespace MLNetExtensions.Training;

/// <summary>An optional interface of a runtime whose sessions belong to several workers; each session also implements <see cref="IWorkers"/>.</summary>
public interface IWorkerRuntime
{
    /// <summary>The number of workers; 1 where this one is alone.</summary>
    int WorldSize { get; }

    /// <summary>This worker's place among them, from 0.</summary>
    int Rank { get; }

    /// <summary>Waits for all workers, before there is a session, so that they can tell each other what they read. Dispose it before the next session is made.</summary>
    /// <param name="options">Threads and GPU of the sessions that come.</param>
    /// <param name="settings">What all workers must have alike.</param>
    /// <exception cref="InvalidOperationException">They have not; or the GPU asked for is not there.</exception>
    IWorkers Join(TrainingSessionOptions options, IReadOnlyDictionary<string, string> settings);
}
