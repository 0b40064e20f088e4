using System.CommandLine;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Reporting;

/// <summary>The verb report.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("folder") { Description = CommonOptions.LabeledImages, Arity = ArgumentArity.ZeroOrOne };
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("The HTML file. [default: report.html in the model's run]");
        Option<bool> force = CommonOptions.Force();
        var command = new Command("report", "Writes one HTML file about a model: figures, worst mistakes as images, confusions, classes.")
        {
            folder,
            model,
            output,
            force,
            runs,
            CommonOptions.Verbose(),
        };
        var annotations = new AnnotationOptions(command);
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    ReportJob.Run(
                        parsed.GetValue(folder),
                        parsed.GetValue(model),
                        parsed.GetValue(runs),
                        parsed.GetValue(output),
                        parsed.GetValue(force),
                        annotations.Read(parsed),
                        terminal,
                        cancellation
                    )
                )
        );
        return command;
    }
}
