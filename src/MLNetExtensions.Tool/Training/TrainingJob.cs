using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Reports;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Evaluating;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Tool.Training;

/// <summary>A run: checks what it needs, makes its folder, trains, measures, and writes what belongs in the folder.</summary>
internal sealed class TrainingJob(TrainingPlan plan, ITrainingDisplay display, CancellationToken cancellation)
{
    private const double DefaultTestFraction = 0.2;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Something that it needs is wrong; no folder was made.</exception>
    public int Run()
    {
        SettingValues values = plan.Values;
        MLContext ml = Devices.CreateContext(values.Integer(TrainSettings.Seed, 0) ?? 1, values.Text(TrainSettings.Device), "--device");
        string data = values.Text(TrainSettings.Data)!;
        ImageSet images = Images(ml, data);
        IReadOnlyDictionary<string, int> classes = ImageFiles.CountClasses(images.Train, data);
        CheckLabels(images.Validation, classes);
        CheckLabels(images.Test, classes);
        bool isHeadOnly = values.Text(TrainSettings.Layers) is null or "head" && values.Text(TrainSettings.EarlyStopping) is null;
        if (images.Validation is null && !isHeadOnly)
            values.Default(TrainSettings.ValidationFraction, TrainSettings.DefaultValidationFraction);
        Backbone backbone = Open(values.Text(TrainSettings.Backbone)!, values.Integer(TrainSettings.ImageSize, 16, 2048));
        FineTuneOptions options = Options(backbone, images);
        // The estimator checks its options, before there is a folder.
        _ = ml.MulticlassClassification.Trainers.FineTune(options);

        RunFolder run = Folder();
        using IDisposable running = run.Lock();
        // ML.NET does not delete what a killed process left in its temporary folder; this one the next run deletes.
        using TemporaryFolder scratch = TemporaryFolder.In(Path.GetTempPath());
        ml.TempFilePath = scratch.Path;
        if (plan.Resumed is not null)
            TemporaryFile.Write(run.Config, ConfigFile.Write(values));
        if (images.ImageColumn == "ImagePath" && !File.Exists(run.TestList))
            WriteTestList(run, images.Test!);
        using var log = new RunLog(run.Log);
        log.Warned = display.Warn;
        log.Attach(ml);
        int imageCount = classes.Values.Sum();
        display.Begin(
            new Dictionary<string, string>
            {
                ["images"] =
                    $"{data}: {imageCount} in {classes.Count} classes, {ImageFiles.Texts(images.Test!, "Label").Count} more held out",
                ["backbone"] = $"{backbone.Name} at {backbone.Preprocessing.Width} px, training: {options.TrainableLayers}",
                ["run"] = run.Path,
            }
        );
        if (BackboneRanking.IsForSmallImages(backbone.Preprocessing))
            display.Warn(
                $"The backbone {backbone.Name} knows small images of {backbone.Preprocessing.Width} px. For photos, one that was trained on "
                    + "photos is far better: 'mlnetx backbones list' shows them, 'mlnetx backbones get NAME' fetches one."
            );
        return Train(ml, images, options, run, log);
    }

    private int Train(MLContext ml, ImageSet images, FineTuneOptions options, RunFolder run, RunLog log)
    {
        var monitor = new RunMonitor(
            run,
            new RunStatus
            {
                State = RunState.Running,
                Started = DateTime.UtcNow,
                Backbone = options.Backbone!.Name,
                Data = plan.Values.Text(TrainSettings.Data),
                TestImages = ImageFiles.Texts(images.Test!, "Label").Count,
            },
            display,
            plan.Values.Duration(TrainSettings.Time)
        );
        Directory.CreateDirectory(run.Checkpoints);
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
            TrainedModel? trained = null;
            display.Run(() => trained = TrainedModel.Fit(ml, images, options));
            using TrainedModel model = trained!;
            if (model.History.ResumedFrom is { } checkpoint)
                log.Write($"resumed from {checkpoint}");
            model.Save(ml, run);
            RunMetrics metrics = Measure(ml, model, images, options, run);
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

    private RunMetrics Measure(MLContext ml, TrainedModel model, ImageSet images, FineTuneOptions options, RunFolder run)
    {
        IDataView scored = model.Transformer.Transform(images.Test!);
        ClassificationReport report = plan.Values.Switch(TrainSettings.NoReport)
            ? ml.Vision().Report(scored)
            : ml.Vision()
                .WriteReport(
                    scored,
                    run.Report,
                    new HtmlReportOptions
                    {
                        Title = run.Name,
                        Model = model.Transformer,
                        ModelPath = run.Model,
                        OnnxPath = run.OnnxModel,
                        Training = model.Result,
                        TrainerOptions = options,
                        Seed = options.Seed,
                        RepeatCommand = $"mlnetx rerun {run.Name}",
                    }
                )
                .Classification!;
        RunMetrics metrics = Metrics.Of(report);
        TemporaryFile.Write(run.Metrics, JsonSerializer.Serialize(metrics, RunJson.Default.RunMetrics) + "\n");
        return metrics;
    }

    private int End(RunFolder run, RunMonitor monitor, RunState state, string reason, int exitCode, RunMetrics? metrics)
    {
        monitor.Set(status =>
            status with
            {
                State = state,
                Reason = reason,
                ExitCode = exitCode,
                SecondsLeft = null,
                ImagesPerSecond = null,
                TestAccuracy = metrics?.Accuracy,
            }
        );
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
    private ImageSet Images(MLContext ml, string data)
    {
        SettingValues values = plan.Values;
        ImageSet images = ImageFiles.Open(ml, data, values.Origin(TrainSettings.Data));
        if (values.Text(TrainSettings.ValidationData) is { } validation)
            images = images with { Validation = ImageFiles.Load(ml, validation, values.Origin(TrainSettings.ValidationData)) };
        if (values.Text(TrainSettings.TestData) is { } test)
            images = images with { Test = ImageFiles.Load(ml, test, values.Origin(TrainSettings.TestData)) };
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
            var split = ml.Vision().Split(images.Train, fraction, values.Integer(TrainSettings.Seed, 0) ?? 1);
            return images with { Train = split.TrainSet, Test = split.TestSet };
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"'{data}' cannot be split: {error.Message}", error);
        }
    }

    private static void CheckLabels(IDataView? images, IReadOnlyDictionary<string, int> classes)
    {
        if (images is not null && ImageFiles.Texts(images, "Label").FirstOrDefault(label => !classes.ContainsKey(label)) is { } unknown)
            throw new UsageException(
                $"The class '{unknown}' has images to measure with, but none to train on. The classes to train are "
                    + $"{string.Join(", ", classes.Keys)}."
            );
    }

    private static Backbone Open(string path, int? size)
    {
        try
        {
            Backbone backbone = Backbone.FromFile(path);
            return size is null
                ? backbone
                : Backbone.FromFile(path, backbone.Preprocessing with { Width = size.Value, Height = size.Value }, backbone.FeatureNode);
        }
        catch (Exception error) when (error is MLNetExtensions.Onnx.OnnxFormatException or ArgumentException or FormatException)
        {
            throw new UsageException($"The backbone '{path}' cannot be used: {error.Message}", error);
        }
    }

    private FineTuneOptions Options(Backbone backbone, ImageSet images)
    {
        var options = new FineTuneOptions { Backbone = backbone, ImageColumnName = images.ImageColumn };
        TrainerOptionsBinding.Apply(plan.Values, options);
        // Whoever has a fraction and images of their own wants the images.
        if (images.Validation is not null)
            options.ValidationFraction = 0;
        return options;
    }

    private static void WriteTestList(RunFolder run, IDataView test) =>
        TemporaryFile.Write(
            run.TestList,
            string.Concat(
                ImageFiles
                    .Texts(test, "ImagePath")
                    .Zip(ImageFiles.Texts(test, "Label"), (path, label) => Csv.Line(path, label) + "\n")
                    .Prepend("ImagePath,Label\n")
            )
        );
}
