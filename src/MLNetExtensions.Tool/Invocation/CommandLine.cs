using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using MLNetExtensions.Hosting;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>Runs a command line: parses it, runs its verb, and makes one line and an exit code of whatever goes wrong.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code (<see cref="ExitCode"/>).</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        bool verbose = arguments.Contains("--verbose");
        try
        {
            RootCommand root = CommandTree.Create(terminal);
            // A path may begin with @, which would else be a file of arguments.
            ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction)
                throw new UsageException(ProblemOf(parsed));
            return await parsed
                .InvokeAsync(
                    new InvocationConfiguration
                    {
                        Output = terminal.Out,
                        Error = terminal.Error,
                        EnableDefaultExceptionHandler = false,
                        ProcessTerminationTimeout = null,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return FailureText.Write(exception, terminal, verbose);
        }
    }

    private static string ProblemOf(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = PathOf(parsed.CommandResult);
        string help = $"'{path} --help' shows what there is.";
        if (parsed.UnmatchedTokens is not [string unknown, ..])
            return $"{parsed.Errors[0].Message.TrimEnd('.')}. {help}";
        bool isOption = unknown.StartsWith('-');
        string? nearest = NearestName.Of(
            unknown,
            isOption ? command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)) : command.Subcommands.Select(c => c.Name)
        );
        string kind =
            isOption ? $"is no option of '{path}'"
            : command.Subcommands.Count > 0 ? $"is no command of '{path}'"
            : $"is more than '{path}' takes";
        return $"'{unknown}' {kind}. {(nearest is null ? "" : $"Did you mean {nearest}? ")}{help}";
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "mlnetx";
}
