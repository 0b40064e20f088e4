using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>Help with the options that the short help leaves out.</summary>
internal sealed class HelpAllAction(Command command) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        foreach (Option option in command.Options)
            option.Hidden = false;
        return new HelpAction().Invoke(parseResult);
    }
}
