namespace MLNetExtensions.TensorFlow;

/// <summary>What <see cref="TensorFlowLauncher"/> starts, and how often again.</summary>
public sealed class TensorFlowLauncherOptions
{
    /// <summary>The number of workers.</summary>
    /// <value>The default is 2.</value>
    public int Workers { get; set; } = 2;

    /// <summary>The program of all workers.</summary>
    /// <value>The default is null: this program.</value>
    public string? FileName { get; set; }

    /// <summary>The program's arguments.</summary>
    /// <value>The default is null: those of this program where <see cref="FileName"/> is null, else none.</value>
    public IReadOnlyList<string>? Arguments { get; set; }

    /// <summary>The workers' working folder.</summary>
    /// <value>The default is null: this program's.</value>
    public string? WorkingFolder { get; set; }

    /// <summary>
    /// Environment variables for the workers, beside this program's own and those that make them workers. TensorFlow's information and warnings are left out where
    /// TF_CPP_MIN_LOG_LEVEL is not set, neither here nor in this program.
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>How often all workers are started again after one of them failed.</summary>
    /// <value>The default is 3.</value>
    public int MaxRestarts { get; set; } = 3;

    /// <summary>Whether a restart does without the workers that failed, instead of with as many as before. At least one is started.</summary>
    /// <value>The default is false.</value>
    public bool DropFailedWorkers { get; set; }

    /// <summary>How long the other workers may go on when one has ended well; after that they count as failed.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan FinishTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the workers' lines go, each behind its worker's number: <c>[0] epoch 1 ...</c>.</summary>
    /// <value>The default is the console.</value>
    public TextWriter Output { get; set; } = Console.Out;

    /// <summary>Where the lines of their error streams go, likewise, and the launcher's own about restarts.</summary>
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
