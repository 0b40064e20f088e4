using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>The verb evaluate.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("folder")
        {
            Description = "Images with a sub-folder for each class, a list, or an archive. [default: those that the run held out]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("A file for the figures, as JSON.");
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json(),
            force = CommonOptions.Force();
        var command = new Command("evaluate", "Measures a model on labeled images.")
        {
            folder,
            model,
            output,
            force,
            json,
            threads,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
                EvaluateJob.RunAsync(
                    new EvaluateRequest(
                        parsed.GetValue(folder),
                        parsed.GetValue(model),
                        parsed.GetValue(runs),
                        parsed.GetValue(output),
                        parsed.GetValue(force),
                        parsed.GetValue(json),
                        parsed.GetValue(threads)
                    ),
                    terminal,
                    cancellation
                )
        );
        return command;
    }
}
