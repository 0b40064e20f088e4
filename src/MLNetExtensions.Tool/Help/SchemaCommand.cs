using System.CommandLine;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Help;

/// <summary>The verb schema.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("schema", "Prints the JSON schema of files for --config, for editors.");
        command.SetAction(_ =>
        {
            terminal.Out.Write(ConfigSchema.Write());
            return ExitCode.Success;
        });
        return command;
    }
}
