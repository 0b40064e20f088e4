namespace MLNetExtensions.Tool.Invocation;

/// <summary>What a person sees of an exception: one line; with --verbose the stack trace too.</summary>
internal static class FailureText
{
    /// <summary>Writes an exception and returns the exit code.</summary>
    public static int Write(Exception exception, Terminal terminal, bool verbose)
    {
        bool isCanceled = exception is OperationCanceledException;
        terminal.Error.WriteLine(isCanceled ? "Canceled." : $"mlnetx: {OneLine(exception.Message)}");
        if (verbose)
            terminal.Error.WriteLine(exception);
        else if (!isCanceled && exception is not UsageException && !IsExplained(exception))
            terminal.Error.WriteLine("This should not happen. Run again with --verbose for the stack trace, and report it.");
        return isCanceled ? ExitCode.Canceled
            : IsUsage(exception) ? ExitCode.Usage
            : ExitCode.Failure;
    }

    /// <summary>A message without line breaks.</summary>
    public static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>True for what a wrong file, folder or setting causes.</summary>
    private static bool IsUsage(Exception exception) =>
        exception
            is UsageException
                or FileNotFoundException
                or DirectoryNotFoundException
                or InvalidDataException
                or FormatException
                or ArgumentException;

    /// <summary>True for errors whose message says all that there is to know.</summary>
    private static bool IsExplained(Exception exception) =>
        IsUsage(exception)
        || exception is IOException or UnauthorizedAccessException or InvalidOperationException or HttpRequestException
        || exception is DllNotFoundException or TimeoutException or InsufficientMemoryException
        || exception.GetType().Namespace?.StartsWith("MLNetExtensions", StringComparison.Ordinal) == true;
}
