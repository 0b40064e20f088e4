using System.CommandLine;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Training;

/// <summary>The verb rerun: a run again, with its settings, in a folder of its own.</summary>
internal static class RerunCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("run") { Description = "The run, or its folder." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("rerun", "Repeats a run with its settings, or with some of them changed.") { run };
        var settings = new SettingOptions(command, [.. TrainSettings.All.Where(s => s.Name != TrainSettings.Data)]);
        command.Options.Add(json);
        command.Options.Add(CommonOptions.Verbose());
        command.SetAction(
            (parsed, cancellation) =>
            {
                SettingValues flags = settings.Read(parsed);
                RunFolder found = RunFolder.Find(flags.Text(TrainSettings.Runs) ?? "runs", parsed.GetValue(run));
                var request = new TrainRequest(null, flags, found.Config, false, null);
                return Task.FromResult(TrainCommand.Run(request, dryRun: false, parsed.GetValue(json), terminal, cancellation));
            }
        );
        return command;
    }
}
