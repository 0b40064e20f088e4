using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>The verb doctor.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model", "-m") { Description = "A model to look at too: a run, or a file.", HelpName = "path" };
        Option<string> runs = CommonOptions.Runs();
        var device = new Option<string>("--device")
        {
            Description = "The processor to look at: cpu, gpu. [default: cpu]",
            HelpName = "text",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor", "Looks for what keeps training or scoring from working, and names the cure.")
        {
            model,
            device,
            json,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(parsed =>
            DoctorJob.Run(parsed.GetValue(model), parsed.GetValue(runs), parsed.GetValue(device), parsed.GetValue(json), terminal)
        );
        return command;
    }
}
