namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>The options of <see cref="TensorFlowLauncher"/>: the program to start and when to restart it.</summary>
public sealed class TensorFlowLauncherOptions
{
    /// <summary>The number of workers.</summary>
    /// <value>The default is 2.</value>
    public int Workers { get; set; } = 2;

    /// <summary>The program of all workers.</summary>
    /// <value>The default is null: this program.</value>
    public string? FileName { get; set; }

    /// <summary>The program's arguments.</summary>
    /// <value>The default is null: those of this program if <see cref="FileName"/> is null, else none.</value>
    public IReadOnlyList<string>? Arguments { get; set; }

    /// <summary>The workers' working folder.</summary>
    /// <value>The default is null: this program's.</value>
    public string? WorkingFolder { get; set; }

    /// <summary>
    /// Additional environment variables for the workers, besides this program's own and those of the cluster. TensorFlow's information and
    /// warnings are hidden if TF_CPP_MIN_LOG_LEVEL is set neither here nor in this program.
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>The largest number of restarts. After a worker fails, all workers are restarted.</summary>
    /// <value>The default is 3.</value>
    public int MaxRestarts { get; set; } = 3;

    /// <summary>True to restart without the workers that failed; false to restart as many as before. At least one is started.</summary>
    /// <value>The default is false.</value>
    public bool DropFailedWorkers { get; set; }

    /// <summary>The time that the remaining workers may take after one has exited successfully; after that they count as failed.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan FinishTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The destination of the workers' output lines, each prefixed with its worker's number: <c>[0] epoch 1 ...</c>.</summary>
    /// <value>The default is the console.</value>
    public TextWriter Output { get; set; } = Console.Out;

    /// <summary>
    /// The destination of the workers' error lines, prefixed the same way, and of the launcher's messages about restarts.
    /// </summary>
    /// <value>The default is the console's error stream.</value>
    public TextWriter Error { get; set; } = Console.Error;

    internal TensorFlowLauncherOptions Copy()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRestarts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FinishTimeout, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Environment);
        ArgumentNullException.ThrowIfNull(Output);
        ArgumentNullException.ThrowIfNull(Error);
        var copy = (TensorFlowLauncherOptions)MemberwiseClone();
        copy.Arguments = Arguments is null ? null : [.. Arguments];
        copy.Environment = new Dictionary<string, string>(Environment);
        return copy;
    }
}
