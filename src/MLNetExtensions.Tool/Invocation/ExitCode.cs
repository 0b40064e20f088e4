namespace MLNetExtensions.Tool.Invocation;

/// <summary>The exit codes of the process; docs/cli.md lists them.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>Something failed: a full disk, training that diverged, a file that cannot be predicted, a problem found by check or doctor.</summary>
    public const int Failure = 1;

    /// <summary>A wrong flag, file, folder or configuration.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C or a termination signal; training has kept its best model.</summary>
    public const int Canceled = 130;
}
