using Spectre.Console;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>Where the tool writes: results and progress to <see cref="Out"/>, problems to <see cref="Error"/>.</summary>
/// <param name="output">Receives results.</param>
/// <param name="error">Receives problems.</param>
/// <param name="isInteractive">True if a person looks on, so that a bar may be redrawn; false for files, pipes and tests.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive = false)
{
    private const int PipedWidth = 500;

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public bool IsInteractive { get; } = isInteractive;

    /// <summary>The results as Spectre.Console writes them; without colors and wide enough for tables where nobody looks on.</summary>
    public IAnsiConsole CreateConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(Out),
                Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            }
        );
        if (!IsInteractive)
            console.Profile.Width = PipedWidth;
        return console;
    }

    /// <summary>The terminal that the process was started in.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb");
}
