using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune.Recipes;

/// <summary>Chooses the settings of a fine-tuning by trying, within a time.</summary>
/// <param name="context">The context.</param>
/// <param name="data">The training rows.</param>
/// <param name="options">Validated options.</param>
/// <param name="started">The time when the run began.</param>
internal sealed class RecipeRun(MLContext context, IDataView data, FineTuneRecipeOptions options, long started)
{
    /// <summary>Up to so many rows the model is trained once more with those that were held out.</summary>
    private const int FewRows = 2_000;

    /// <summary>The fraction of the time for trying backbones and sizes.</summary>
    private const double ProbeFraction = 0.3;

    /// <summary>The fraction of the remaining time that is planned: steps are not all of the same length.</summary>
    private const double PlannedFraction = 0.85;

    /// <summary>The size of larger images, times the backbone's own.</summary>
    private const double LargerImages = 1.29;

    /// <summary>The least fall of the log-loss that is worth the time of larger images.</summary>
    private const double WorthLarger = 0.02;

    private const int LeastEpochs = 3,
        MeasuredSteps = 3;

    private readonly List<string> _reasons = [];
    private TrainerLog? _log;

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    private TimeSpan Left => options.TimeBudget - Elapsed;

    public FineTuneRecipe Run()
    {
        using IChannel channel = ((IHostEnvironment)context).Register("FineTuneRecipe").Start("Choosing");
        _log = new TrainerLog(channel);
        (int rows, int classes) = CountRows();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromTicks(Math.Max(1, Left.Ticks)));
        Probe probe = ChooseBackbone(deadline.Token);
        probe = TryLargerImages(probe, deadline.Token);
        return TrainLayers(probe, rows, classes, deadline.Token) ?? Result(probe.Model, probe.Options);
    }

    private (int Rows, int Classes) CountRows()
    {
        LabeledTask.Of(ImageTask.Classification).AddColumns(SchemaShapes.Of(data.Schema), options.ToFineTuneOptions());
        DataViewSchema.Column label = data.Schema[options.LabelColumnName];
        int rows = 0;
        var classes = new HashSet<uint>();
        using DataViewRowCursor cursor = data.GetRowCursor([label]);
        ValueGetter<uint> read = cursor.GetGetter<uint>(label);
        uint key = 0;
        while (cursor.MoveNext())
        {
            read(ref key);
            rows++;
            if (key > 0)
                classes.Add(key);
        }
        ulong stated = ((KeyDataViewType)label.Type).Count;
        if ((ulong)rows < stated)
            throw new InvalidOperationException(
                $"There are {rows} images for the {stated} classes of column '{options.LabelColumnName}'. Give at least two images of each class."
            );
        Say($"{rows} images of {classes.Count} classes, {Text(options.TimeBudget)} of time.");
        return (rows, classes.Count);
    }

    private Probe ChooseBackbone(CancellationToken deadline)
    {
        Probe? best = null;
        foreach (Backbone backbone in BackbonesAtHand.Of(options))
        {
            if (best is not null && Elapsed + best.Duration > ProbeFraction * options.TimeBudget)
            {
                Say($"'{backbone.Name}' was not tried: {Text(ProbeFraction * options.TimeBudget)} are for choosing.");
                continue;
            }
            if (Try(options.ToFineTuneOptions(backbone), required: best is null, deadline) is { } probe)
                best = Better(best, probe, fall: 0);
        }
        Say($"The backbone is '{best!.Options.Backbone!.Name}'.");
        return best;
    }

    private Probe TryLargerImages(Probe probe, CancellationToken deadline)
    {
        ImagePreprocessing own = probe.Options.Backbone!.Preprocessing;
        int width = Larger(own.Width),
            height = Larger(own.Height);
        double work = (double)width * height / (own.Width * own.Height);
        if (double.IsNaN(probe.LogLoss) || Elapsed + work * probe.Duration > ProbeFraction * options.TimeBudget)
            return probe;
        FineTuneOptions larger = probe.Options.Clone();
        larger.Preprocessing = own with { Width = width, Height = height };
        try
        {
            return Try(larger, required: false, deadline) is { } other ? Better(probe, other, WorthLarger * probe.LogLoss)! : probe;
        }
        catch (OnnxFormatException)
        {
            Say($"'{probe.Options.Backbone.Name}' takes images of {own.Width}x{own.Height} alone.");
            return probe;
        }

        // Networks halve the size five times.
        static int Larger(int side) => (int)Math.Round(LargerImages * side / 32) * 32;
    }

    /// <summary>Trains all layers.</summary>
    /// <returns>Null where the head alone is better, or the time is too short.</returns>
    private FineTuneRecipe? TrainLayers(Probe probe, int rows, int classes, CancellationToken deadline)
    {
        FineTuneOptions all = probe.Options.Clone();
        all.TrainableLayers = FineTuneLayers.All;
        all.Augmentation = options.Augmentation ?? Augment.Standard();
        all.CancellationToken = deadline;
        bool few = rows <= FewRows;
        double heldOut = few ? 0.2 : 0.1;
        if (Plan(all, rows, few ? 2 - heldOut : 1 - heldOut) is not { } epochs)
            return null;
        all.Epochs = epochs;
        DataSplit split = context
            .Vision()
            .Split(data, new SplitOptions { TestFraction = heldOut, StratifyColumnName = options.LabelColumnName });
        FineTuneOptions trial = all.Clone();
        trial.ValidationSet = split.TestSet;
        if (Fit(trial, split.TrainSet) is not { } tried)
            return null;
        EpochResult best = tried.Result.History.Epochs[Math.Max(0, tried.Result.History.BestEpoch)];
        EpochResult? head = tried.Result.History.Epochs.LastOrDefault(e => e.Phase == TrainingPhase.Head);
        if (best.Phase != TrainingPhase.Backbone)
        {
            Say($"Training all layers was no better on {tried.Result.ValidationRows} images held out: the backbone stays frozen.");
            tried.Dispose();
            return null;
        }
        Say(
            $"Training all layers was better on {tried.Result.ValidationRows} images held out: log-loss {Text(best.ValidationLoss)} instead of "
                + $"{Text(head?.ValidationLoss)}, accuracy {Percent(best.ValidationAccuracy)} instead of {Percent(head?.ValidationAccuracy)}."
        );
        if (!few)
        {
            probe.Model.Dispose();
            return Result(tried, trial);
        }
        FineTuneTransformer? whole = Fit(all, data);
        if (whole?.Result.History.StopReason == StopReason.Completed)
        {
            Say($"The model was trained with all {rows} images of {classes} classes, for {epochs} epochs.");
            probe.Model.Dispose();
            tried.Dispose();
            return Result(whole, all);
        }
        whole?.Dispose();
        Say("The time was up before training with all images was complete: the model is the one trained without those held out.");
        probe.Model.Dispose();
        return Result(tried, trial);
    }

    /// <summary>The number of epochs that fit into the time; null if training layers is not worth it.</summary>
    /// <param name="all">The settings.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="passes">The fraction of the rows that an epoch of all runs together takes.</param>
    private int? Plan(FineTuneOptions all, int rows, double passes)
    {
        try
        {
            TrainingEstimate estimate = context.MulticlassClassification.Trainers.FineTune(all).Estimate(data, MeasuredSteps);
            double epoch = estimate.NetworkEpoch.TotalSeconds * passes,
                left = PlannedFraction * Left.TotalSeconds;
            int fitting = (int)(left / Math.Max(epoch, 1e-3)),
                epochs = Math.Min(fitting, all.BackboneEpochs(rows));
            if (epochs < LeastEpochs)
            {
                Say(
                    $"An epoch of all layers takes {Text(estimate.NetworkEpoch)}, and {Text(Left)} are left: the head alone is trained. "
                        + $"Training all layers needs about {Text(Elapsed + TimeSpan.FromSeconds(LeastEpochs * epoch / PlannedFraction))}."
                );
                return null;
            }
            Say($"An epoch of all layers takes {Text(estimate.NetworkEpoch)}, and {Text(Left)} are left: {epochs} epochs.");
            return epochs;
        }
        catch (Exception e) when (e is OperationCanceledException or InsufficientMemoryException)
        {
            Say($"Training all layers was not tried: {(e is InsufficientMemoryException ? e.Message : "the time was up.")}");
            return null;
        }
    }

    private Probe? Try(FineTuneOptions probed, bool required, CancellationToken deadline)
    {
        long begun = Stopwatch.GetTimestamp();
        probed.CancellationToken = deadline;
        if (Fit(probed, data) is not { } model)
        {
            if (required)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                throw new InvalidOperationException(
                    $"A {nameof(FineTuneRecipeOptions.TimeBudget)} of {Text(options.TimeBudget)} is too short to train a head on "
                        + $"'{probed.Backbone!.Name}'. Give more time, fewer images, or a smaller backbone."
                );
            }
            return null;
        }
        double loss = model.Result.Temperature?.LogLossAfter ?? double.NaN;
        ImagePreprocessing images = probed.Preprocessing ?? probed.Backbone!.Preprocessing;
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        Say(
            $"A head on '{probed.Backbone!.Name}' at {images.Width}x{images.Height}: log-loss {Text(loss)} by cross-validation, {Text(took)}."
        );
        return new Probe(model, probed, loss, took);
    }

    private FineTuneTransformer? Fit(FineTuneOptions fitted, IDataView rows)
    {
        try
        {
            return context.MulticlassClassification.Trainers.FineTune(fitted).Fit(rows);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static Probe? Better(Probe? best, Probe other, double fall)
    {
        // Where rows are too few to tell, the first one stays.
        bool better = best is null || other.LogLoss < best.LogLoss - fall;
        (better ? best : other)?.Model.Dispose();
        return better ? other : best;
    }

    private FineTuneRecipe Result(FineTuneTransformer model, FineTuneOptions used)
    {
        used = used.Clone();
        used.CancellationToken = default;
        return new FineTuneRecipe(model, used, [.. _reasons], Elapsed);
    }

    private void Say(string reason)
    {
        _reasons.Add(reason);
        _log!.Info(reason);
    }

    private static string Text(TimeSpan time) =>
        time.TotalSeconds < 100
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min");

    private static string Text(double? loss) => loss is { } value ? value.ToString("F3", CultureInfo.InvariantCulture) : "unknown";

    private static string Percent(double? fraction) =>
        fraction is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} %") : "unknown";

    /// <summary>A head on a backbone's features.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Options">Its settings.</param>
    /// <param name="LogLoss">The log-loss by cross-validation; NaN if there are too few rows.</param>
    /// <param name="Duration">The time that it took.</param>
    private sealed record Probe(FineTuneTransformer Model, FineTuneOptions Options, double LogLoss, TimeSpan Duration);
}
