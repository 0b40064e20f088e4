using System.CommandLine;
using System.CommandLine.Help;
using MLNetExtensions.Tool.Backbones;
using MLNetExtensions.Tool.Checking;
using MLNetExtensions.Tool.Compressing;
using MLNetExtensions.Tool.Converting;
using MLNetExtensions.Tool.Diagnosing;
using MLNetExtensions.Tool.Evaluating;
using MLNetExtensions.Tool.Exporting;
using MLNetExtensions.Tool.Help;
using MLNetExtensions.Tool.Predicting;
using MLNetExtensions.Tool.Reporting;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Serving;
using MLNetExtensions.Tool.Training;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>All verbs. Nothing here needs ML.NET, so that help is there at once.</summary>
internal static class CommandTree
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Trains, measures and exports models of images for ML.NET: classifiers, object detectors, segmentation networks; serves classifiers."
        )
        {
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            CheckCommand.Create(terminal),
            ReportCommand.Create(terminal),
            ExportCommand.Create(terminal),
            QuantizeCommand.Create(terminal),
            PruneCommand.Create(terminal),
            BackbonesCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            ConvertCommand.Create(terminal),
            ServeCommand.Create(terminal),
            RunsCommand.Create(terminal),
            RerunCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        foreach (Command command in root.Subcommands)
            if (command.Options.Any(option => option.Hidden))
                command.Options.Add(HelpAll(command));
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }

    private static Option<bool> HelpAll(Command command) =>
        new("--help-all") { Description = "Show help with all options.", Action = new HelpAllAction(command) };
}
