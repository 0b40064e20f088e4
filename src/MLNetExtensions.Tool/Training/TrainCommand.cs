using System.CommandLine;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Tool.Training.Classification;
using MLNetExtensions.Tool.Training.Detection;
using MLNetExtensions.Tool.Training.Segmentation;

namespace MLNetExtensions.Tool.Training;

/// <summary>The verb train.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("folder")
        {
            Description =
                "The images: for classes a folder with a sub-folder for each, a list (.csv, .tsv, .json, .jsonl), or a .zip or .tar; for boxes "
                + "a COCO or VoTT file, or Pascal VOC's or YOLO's folder; for masks a folder with images and masks, or a COCO file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "train",
            "Fine-tunes a pretrained network on images: classifies them, detects objects in them, or segments them."
        )
        {
            folder,
        };
        var settings = new SettingOptions(command, [.. TrainSettings.All.Where(s => s.Name != TrainSettings.Data)]);
        var config = new Option<string>("--config")
        {
            Description = "A YAML file with any of these options, named as here; options of the command line come first.",
            HelpName = "file",
        };
        var resume = new Option<string>("--resume")
        {
            Description = "Goes on with a run that was cut short: the newest, or the one named.",
            HelpName = "run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the settings that the run would have, as a file for --config." };
        Option<bool> json = CommonOptions.Json();
        command.Options.Add(config);
        command.Options.Add(resume);
        command.Options.Add(dryRun);
        command.Options.Add(json);
        command.Options.Add(CommonOptions.Verbose());
        command.SetAction(
            (parsed, cancellation) =>
            {
                bool resumes = parsed.GetResult(resume) is { Implicit: false };
                var request = new TrainRequest(
                    parsed.GetValue(folder),
                    settings.Read(parsed),
                    parsed.GetValue(config),
                    resumes,
                    resumes ? parsed.GetValue(resume) : null
                );
                return Task.FromResult(Run(request, parsed.GetValue(dryRun), parsed.GetValue(json), terminal, cancellation));
            }
        );
        return command;
    }

    internal static int Run(TrainRequest request, bool dryRun, bool json, Terminal terminal, CancellationToken cancellation)
    {
        Libtorch.Locate();
        TrainingPlan plan = TrainingPlan.Of(request);
        if (dryRun)
        {
            terminal.Out.Write(ConfigFile.Write(plan.Values));
            return ExitCode.Success;
        }
        ITrainingDisplay display =
            json ? new JsonDisplay(terminal)
            : terminal.IsInteractive ? new BarDisplay(terminal)
            : new LineDisplay(terminal);
        return new TrainingJob(plan, TaskOf(plan.Values), display, cancellation).Run();
    }

    private static ITaskTraining TaskOf(SettingValues values) =>
        values.Task switch
        {
            VisionTask.Detect => new DetectionTraining(values),
            VisionTask.Segment => new SegmentationTraining(values),
            _ => new ClassificationTraining(values),
        };
}
