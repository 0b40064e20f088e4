using System.CommandLine;
using System.Text;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Tests.Docs;

/// <summary>The part of docs/cli.md that follows from the command tree: each verb with its arguments and options.</summary>
internal static class CliDocument
{
    /// <summary>What is before this line is written by hand.</summary>
    public const string Marker = "<!-- From here on written by CliDocumentTests from the command tree. -->";

    public static string Write()
    {
        var text = new StringBuilder();
        foreach (Command command in CommandTree.Create(new Terminal(TextWriter.Null, TextWriter.Null)).Subcommands)
            Write(text, command, "mlnetx");
        return text.ToString();
    }

    private static void Write(StringBuilder text, Command command, string parent)
    {
        string path = $"{parent} {command.Name}";
        text.Append($"\n## {path}\n\n{command.Description}\n");
        if (command.Arguments.Count > 0)
        {
            text.Append("\n| argument | what |\n|---|---|\n");
            foreach (Argument argument in command.Arguments)
                text.Append($"| `{argument.Name}` | {Cell(argument.Description)} |\n");
        }
        Option[] options = [.. command.Options.Where(option => option.Name is not ("--help" or "--version"))];
        if (command.Name == "rerun")
        {
            text.Append("\nTakes the options of train.\n");
            options = [.. options.Where(option => TrainSettings.All.All(setting => $"--{setting.Name}" != option.Name))];
        }
        Table(text, "option", options.Where(option => !option.Hidden));
        Table(text, "further option, shown by `--help-all`", options.Where(option => option.Hidden));
        foreach (Command sub in command.Subcommands)
            Write(text, sub, path);
    }

    private static void Table(StringBuilder text, string title, IEnumerable<Option> options)
    {
        Option[] rows = [.. options];
        if (rows.Length == 0)
            return;
        text.Append($"\n| {title} | what |\n|---|---|\n");
        foreach (Option option in rows)
        {
            string names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name));
            text.Append(
                $"| `{names}{(option.HelpName is null ? "" : $" {option.HelpName.Replace("|", "\\|")}")}` | {Cell(option.Description)} |\n"
            );
        }
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|").Replace("<", "&lt;");
}
