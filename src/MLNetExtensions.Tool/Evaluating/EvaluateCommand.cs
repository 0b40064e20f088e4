using System.CommandLine;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>The verb evaluate.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("folder") { Description = CommonOptions.LabeledImages, Arity = ArgumentArity.ZeroOrOne };
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("A file for the figures, as JSON.");
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json(),
            force = CommonOptions.Force();
        var command = new Command("evaluate", "Measures a model on images with labels, boxes or masks.")
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
        var annotations = new AnnotationOptions(command);
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
                        parsed.GetValue(threads),
                        annotations.Read(parsed)
                    ),
                    terminal,
                    cancellation
                )
        );
        return command;
    }
}
