using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Exporting;

/// <summary>The verb export.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var format = new Option<string>("--format")
        {
            Description =
                "onnx (for any program), zip (for ML.NET), mlnet (the same, as Model Builder names it), int8 and fp16 (smaller ONNX files). "
                + "[default: the output's extension, or onnx]",
            HelpName = "onnx|zip|mlnet|int8|fp16",
        };
        format.CompletionSources.Add(ExportJob.Formats);
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("The file. [default: the model's name with the format's extension, in this folder]");
        var folder = new Argument<string?>("folder")
        {
            Description = "For int8: images like those of training, to find the ranges of values. [default: those of the run]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> force = CommonOptions.Force();
        var command = new Command("export", "Writes a model for another program.")
        {
            folder,
            format,
            model,
            output,
            force,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    ExportJob.Run(
                        parsed.GetValue(folder),
                        parsed.GetValue(format),
                        parsed.GetValue(model),
                        parsed.GetValue(runs),
                        parsed.GetValue(output),
                        parsed.GetValue(force),
                        terminal,
                        cancellation
                    )
                )
        );
        return command;
    }
}
