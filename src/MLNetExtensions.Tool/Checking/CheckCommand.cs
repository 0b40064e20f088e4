using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Checking;

/// <summary>The verb check.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Images with a sub-folder for each class, or with train, val and test that have such; a list, or an archive.",
        };
        Option<bool> json = CommonOptions.Json();
        Option<int?> threads = CommonOptions.Threads();
        var command = new Command(
            "check",
            "Inspects images before training: unreadable files, duplicates, images on both sides of a split, small classes, imbalance."
        )
        {
            folder,
            json,
            threads,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    CheckJob.Run(parsed.GetValue(folder)!, parsed.GetValue(threads), parsed.GetValue(json), terminal, cancellation)
                )
        );
        return command;
    }
}
