namespace WebAppSample.Storage;

/// <summary>The states of a training run.</summary>
public enum RunState
{
    /// <summary>It waits to be started.</summary>
    Queued,

    /// <summary>It trains.</summary>
    Running,

    /// <summary>It has ended with a model.</summary>
    Completed,

    /// <summary>It has ended with an error.</summary>
    Failed,

    /// <summary>A person, or the end of the application, has canceled it.</summary>
    Canceled,
}
