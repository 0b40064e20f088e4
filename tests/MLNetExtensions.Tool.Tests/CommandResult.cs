namespace MLNetExtensions.Tool.Tests;

/// <summary>What a command line did.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    /// <summary>The last line of the results.</summary>
    public string LastLine => Out.TrimEnd().Split('\n')[^1];
}
