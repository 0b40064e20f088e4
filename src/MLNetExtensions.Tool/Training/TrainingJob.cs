using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Tool.Training;

/// <summary>A run: checks what it needs, makes its folder, trains, measures, and writes what belongs in the folder.</summary>
internal sealed class TrainingJob(TrainingPlan plan, ITaskTraining task, ITrainingDisplay display, CancellationToken cancellation)
{
    private const double DefaultTestFraction = 0.2;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Something that it needs is wrong; no folder was made.</exception>
    public int Run()
    {
        SettingValues values = plan.Values;
        MLContext ml = Devices.CreateContext(values.Integer(TrainSettings.Seed, 0) ?? 1, values.Text(TrainSettings.Device), "--device");
        ImageSet images = Images(ml);
        string imagesText = task.Prepare(ml, images);

        RunFolder run = Folder();
        using IDisposable running = run.Lock();
        // ML.NET does not delete what a killed process left in its temporary folder; this one the next run deletes.
        using TemporaryFolder scratch = TemporaryFolder.In(Path.GetTempPath());
        ml.TempFilePath = scratch.Path;
        if (plan.Resumed is not null)
            TemporaryFile.Write(run.Config, ConfigFile.Write(values));
        if (!File.Exists(run.TestList))
            task.WriteTestList(images, run);
        using var log = new RunLog(run.Log);
        log.Warned = display.Warn;
        log.Attach(ml);
        display.Begin(
            new Dictionary<string, string>
            {
                ["images"] = $"{imagesText}, {ImageFiles.Count(images.Test!)} more held out",
                ["backbone"] = task.BackboneText,
                ["run"] = run.Path,
            }
        );
        if (BackboneRanking.IsForSmallImages(task.Backbone.Preprocessing))
            display.Warn(
                $"The backbone {task.Backbone.Name} knows small images of {task.Backbone.Preprocessing.Width} px. For photos, one that was "
                    + "trained on photos is far better: 'mlnetx backbones list' shows them, 'mlnetx backbones get NAME' fetches one."
            );
        return Train(ml, images, run, log);
    }

    private int Train(MLContext ml, ImageSet images, RunFolder run, RunLog log)
    {
        var monitor = new RunMonitor(
            run,
            new RunStatus
            {
                State = RunState.Running,
                Started = DateTime.UtcNow,
                Task = VisionTasks.WordOf(plan.Values.Task),
                Backbone = task.Backbone.Name,
                Data = plan.Values.Text(TrainSettings.Data),
                TestImages = ImageFiles.Count(images.Test!),
            },
            display,
            plan.Values.Duration(TrainSettings.Time)
        );
        Directory.CreateDirectory(run.Checkpoints);
        TrainerOptions options = task.Options;
        options.Progress = monitor;
        options.CancellationToken = cancellation;
        options.Callbacks =
        [
            monitor,
            new CsvLogCallback(run.Epochs),
            new TensorBoardCallback(run.TensorBoard),
            new RunCheckpoints(run.Checkpoints),
        ];
        options.ResumeFrom = run.Checkpoints;
        options.ResumeFromPrevious = true;
        log.Write($"mlnetx train, settings in {Path.GetFileName(run.Config)}");
        try
        {
            ITrainedModel? trained = null;
            display.Run(() => trained = task.Fit(ml, images));
            using ITrainedModel model = trained!;
            if (model.History.ResumedFrom is { } checkpoint)
                log.Write($"resumed from {checkpoint}");
            model.Save(ml, run);
            IRunMetrics metrics = model.Measure(ml, images.Test!, run, writesReport: !plan.Values.Switch(TrainSettings.NoReport));
            TemporaryFile.Write(run.Metrics, metrics.ToJson() + "\n");
            bool isCanceled = model.History.StopReason == StopReason.Canceled;
            return End(
                run,
                monitor,
                isCanceled ? RunState.Canceled : RunState.Completed,
                ReasonOf(model.History),
                isCanceled ? ExitCode.Canceled : ExitCode.Success,
                metrics
            );
        }
        catch (OperationCanceledException)
        {
            return End(
                run,
                monitor,
                RunState.Canceled,
                "canceled before an epoch had ended, so there is no model",
                ExitCode.Canceled,
                null
            );
        }
        catch (Exception error)
        {
            log.Write(error.ToString());
            monitor.Set(status =>
                status with
                {
                    State = RunState.Failed,
                    Reason = FailureText.OneLine(error.Message),
                    ExitCode = ExitCode.Failure,
                }
            );
            throw;
        }
    }

    private int End(RunFolder run, RunMonitor monitor, RunState state, string reason, int exitCode, IRunMetrics? metrics)
    {
        monitor.Set(status =>
        {
            RunStatus ended = status with
            {
                State = state,
                Reason = reason,
                ExitCode = exitCode,
                SecondsLeft = null,
                ImagesPerSecond = null,
            };
            return metrics?.AddTo(ended) ?? ended;
        });
        display.End(new TrainingOutcome(run, monitor.Status, metrics));
        return exitCode;
    }

    private static string ReasonOf(TrainingHistory history) =>
        history.StopReason switch
        {
            StopReason.Completed => $"all epochs, the model is that of epoch {BestOf(history)}",
            StopReason.EarlyStopped => $"stopped early: {history.StopMessage}",
            _ => $"{history.StopMessage}; the model is that of epoch {BestOf(history)}",
        };

    private static string BestOf(TrainingHistory history) =>
        history.BestEpoch < 0
            ? "0"
            : $"{history.Epochs[history.BestEpoch].Epoch} of {(history.Epochs[history.BestEpoch].Phase == TrainingPhase.Head ? "the head" : "the layers")}";

    private RunFolder Folder() =>
        plan.Resumed
        ?? RunFolder.Create(plan.Values.Text(TrainSettings.Runs) ?? "runs", NameOf(plan.Values), ConfigFile.Write(plan.Values));

    private static string NameOf(SettingValues values)
    {
        string name = values.Text(TrainSettings.Name) ?? "train";
        return name.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) < 0 && !name.StartsWith('.')
            ? name
            : throw new UsageException($"{values.Origin(TrainSettings.Name)} is '{name}'; it must be the beginning of a folder's name.");
    }

    /// <summary>The images in their parts, of which the test images never miss.</summary>
    private ImageSet Images(MLContext ml)
    {
        SettingValues values = plan.Values;
        ImageSet images = task.Open(ml);
        if (values.Text(TrainSettings.ValidationData) is not null)
            images = images with { Validation = task.OpenOther(ml, TrainSettings.ValidationData, images.Train) };
        if (values.Text(TrainSettings.TestData) is not null)
            images = images with { Test = task.OpenOther(ml, TrainSettings.TestData, images.Train) };
        // A run that goes on has the images that it held out, whatever was added to the folder since.
        if (images.Test is not null)
            return images;
        double fraction = values.Fraction(TrainSettings.TestFraction) ?? DefaultTestFraction;
        if (fraction == 0)
            throw new UsageException(
                $"{values.Origin(TrainSettings.TestFraction)} is 0; it must be above 0 (the figures of a model need images that it has not "
                    + "seen), unless --test-data names some."
            );
        try
        {
            DataSplit split = ml.Vision()
                .Split(
                    images.Train,
                    new SplitOptions
                    {
                        TestFraction = fraction,
                        Seed = values.Integer(TrainSettings.Seed, 0) ?? 1,
                        StratifyColumnName = task.StratifyColumn,
                    }
                );
            return images with { Train = split.TrainSet, Test = split.TestSet };
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"'{values.Text(TrainSettings.Data)}' cannot be split: {error.Message}", error);
        }
    }
}
