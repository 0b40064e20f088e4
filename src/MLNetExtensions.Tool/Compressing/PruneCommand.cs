using System.CommandLine;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Compressing;

/// <summary>The verb prune.</summary>
internal static class PruneCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("folder")
        {
            Description = "Images to train on after channels are gone. [default: those of the run]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("The ONNX file. [default: the run's name with .pruned.onnx, in this folder]");
        var keep = CommonOptions.Fraction("--keep", "The fraction of the multiplications to keep.", 0.5);
        var epochs = CommonOptions.Number(
            "--epochs",
            "Passes over the images that bring the accuracy back; 0 for none. [default: 15, fewer for large sets]",
            null,
            0,
            10_000
        );
        Option<bool> force = CommonOptions.Force();
        var command = new Command("prune", "Removes channels of a network, and trains the rest on: fewer multiplications on any processor.")
        {
            folder,
            model,
            output,
            keep,
            epochs,
            force,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                NamedModel found = ModelFiles.Find(parsed.GetValue(model), parsed.GetValue(runs)).ForClasses("prune");
                (string file, Runs.RunFolder? run) = (found.File, found.Run);
                string target = OutputFile.Claim(
                    parsed.GetValue(output) ?? $"{run?.Name ?? Path.GetFileNameWithoutExtension(file)}.pruned.onnx",
                    parsed.GetValue(force)
                );
                PruneJob.Run(
                    file,
                    parsed.GetValue(folder),
                    run,
                    parsed.GetValue(keep) ?? 0.5,
                    parsed.GetValue(epochs),
                    target,
                    terminal,
                    cancellation
                );
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }
}
