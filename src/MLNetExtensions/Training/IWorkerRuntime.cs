namespace MLNetExtensions.Training;

/// <summary>
/// An optional interface of a runtime whose sessions belong to several workers; each session also implements <see cref="IWorkers"/>.
/// </summary>
internal interface IWorkerRuntime
{
    /// <summary>The number of workers; 1 for a single one.</summary>
    int WorldSize { get; }

    /// <summary>The rank of this worker, from 0.</summary>
    int Rank { get; }

    /// <summary>
    /// Waits for all workers before a session is created, so that they can exchange data. Dispose the result before the next session is
    /// created.
    /// </summary>
    /// <param name="options">The threads and the GPU of the later sessions.</param>
    /// <param name="settings">The settings that all workers must share.</param>
    /// <exception cref="InvalidOperationException">The settings differ, or the requested GPU is not available.</exception>
    IWorkers Join(TrainingSessionOptions options, IReadOnlyDictionary<string, string> settings);
}
