using System.CommandLine;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Checking;

/// <summary>The verb check.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder")
        {
            Description =
                "For classes images with a sub-folder for each, or with train, val and test that have such, a list, or an archive; for boxes and "
                + "masks what train takes.",
        };
        var task = new Option<string>("--task")
        {
            Description = "What the images are for. [default: classify]",
            HelpName = string.Join('|', VisionTasks.Words),
        };
        task.AcceptOnlyFromAmong([.. VisionTasks.Words]);
        var model = new Option<string?>("--model")
        {
            Description =
                "An ONNX backbone, a file or a name of backbones list: labels that are probably wrong are looked for by its features. Classes only.",
            HelpName = "file",
        };
        Option<bool> json = CommonOptions.Json();
        Option<int?> threads = CommonOptions.Threads();
        var command = new Command(
            "check",
            "Inspects images before training: unreadable files, duplicates, images on both sides of a split, small classes, imbalance, wrong boxes and masks."
        )
        {
            folder,
            task,
            model,
            json,
            threads,
            CommonOptions.Verbose(),
        };
        var annotations = new AnnotationOptions(command);
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    CheckJob.Run(
                        parsed.GetValue(folder)!,
                        VisionTasks.Parse(parsed.GetValue(task)),
                        annotations.Read(parsed),
                        parsed.GetValue(model),
                        parsed.GetValue(threads),
                        parsed.GetValue(json),
                        terminal,
                        cancellation
                    )
                )
        );
        return command;
    }
}
