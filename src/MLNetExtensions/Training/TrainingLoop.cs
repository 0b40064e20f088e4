using System.Diagnostics;
using System.Numerics.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Training;

/// <summary>
/// The epochs of one phase: shuffles every epoch, trains the last partial batch too, measures on the validation rows, remembers the best
/// epoch, ends early on request, and resumes from a checkpoint exactly. The next batches are read while the current one is trained.
/// </summary>
internal sealed class TrainingLoop
{
    /// <summary>The number of times the learning rate is lowered before training ends.</summary>
    private const int StepsBack = 4;

    private const double StepBackFactor = 0.2;

    /// <summary>
    /// The loss has risen where it is so many times the lowest one before, and so much of the first one more. At the highest rate of a
    /// schedule it rises by half at times, and falls below the first one when the rate does.
    /// </summary>
    private const double RiseFactor = 2,
        RiseOfStart = 0.05;

    private readonly LoopState _state = new();
    private bool _again;
    private float[] _outputs = [],
        _batchOutputs = [];
    private bool _needsOutputs;
    private ILossMeasure? _measure;

    public required TrainingPhase Phase { get; init; }
    public required ITrainingSession Session { get; init; }
    public required ITrainingRows Rows { get; init; }
    public required TrainingTargets Targets { get; init; }

    /// <summary>The rows trained on, and those measured on, as indices into <see cref="Rows"/>.</summary>
    public required int[] TrainingRows { get; init; }
    public required int[] ValidationRows { get; init; }

    public required int Epochs { get; init; }
    public required int BatchSize { get; init; }
    public required float LearningRate { get; init; }
    public required LearningRateSchedule Schedule { get; init; }
    public required Loss Loss { get; init; }
    public required int Seed { get; init; }

    /// <summary>The loss that measures validation rows; null for <see cref="Loss"/>.</summary>
    public Loss? ValidationLoss { get; init; }

    /// <summary>Completes the targets of training batches; null if they are complete.</summary>
    public ITargetCompletion? TargetCompletion { get; init; }

    /// <summary>Mixes the rows of training batches; null leaves them alone.</summary>
    public BatchAugmenter? BatchAugmenter { get; init; }

    /// <summary>This worker's part, if several train together.</summary>
    public WorkerShare Share { get; init; } = new();

    /// <summary>Lowers the rate when the validation loss no longer falls; on top of <see cref="Schedule"/>.</summary>
    public ReduceOnPlateau? ReduceOnPlateau { get; init; }

    /// <summary>The sampling weight of each of <see cref="TrainingRows"/>; null visits each row once per epoch.</summary>
    public IReadOnlyList<double>? SamplingWeights { get; init; }

    /// <summary>Chooses each step's rows; null visits the rows in turn. <see cref="BatchSize"/> is its slot.</summary>
    public StepSampling? Sampling { get; init; }

    /// <summary>Makes targets right before each step; null if they are complete.</summary>
    public IStepTargets? StepTargets { get; init; }

    /// <summary>The loss of constant outputs: training above it has learned nothing. Infinite if it is not known.</summary>
    public double ChanceLoss { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// True if the initial weights are a trained network's: they are measured on the validation rows first, and restored if no epoch had a
    /// lower loss and at least the same accuracy.
    /// </summary>
    public bool StartsTrained { get; init; }

    /// <summary>
    /// True to restore the weights and lower the rate if the loss rises: for a rate that nobody chose, and that is too high for some
    /// networks.
    /// </summary>
    public bool LowersRate { get; init; }

    /// <summary>True if the best epoch is the one with the highest <see cref="SetMeasures.Main"/>, where the task has it.</summary>
    public bool JudgesByFigure { get; init; }

    public EarlyStopping? EarlyStopping { get; init; }
    public bool RestoreBestWeights { get; init; }
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>The run that this phase is part of, with its callbacks.</summary>
    public TrainingRun Run { get; init; } = new([]);

    /// <summary>The settings that a checkpoint of this run must match.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The checkpoint of this phase to resume from.</summary>
    public TrainingCheckpoint? Resume { get; init; }

    /// <summary>Gets each epoch's figures as soon as it ends, for logging.</summary>
    public Action<EpochResult>? EpochEnded { get; init; }

    /// <summary>Gets what should be known of the run's way.</summary>
    public Action<string>? Warned { get; init; }

    public CancellationToken CancellationToken { get; init; }

    private int StepsPerEpoch => Sampling?.StepsPerEpoch ?? (TrainingRows.Length + BatchSize - 1) / BatchSize;

    /// <summary>
    /// True if only training losses choose the weights to restore. An epoch's loss is that of the weights it started from, so the weights
    /// kept are those at the start of the epoch with the lowest loss, not those at its end.
    /// </summary>
    private bool JudgesByTraining => LowersRate && ValidationRows.Length == 0;

    /// <summary>True if the run may end within an epoch: workers need each other until its end.</summary>
    private bool EndsAtOnce => !Share.IsShared;

    private EpochResult? LastEpoch => _state.Epochs.Count > 0 ? _state.Epochs[^1] : null;

    private int Step => _state.Epoch * StepsPerEpoch + (_state.Done + BatchSize - 1) / BatchSize;

    public PhaseResult Train()
    {
        LoopState state = _state;
        Restore();
        state.KeptWeights ??= Session.ReadWeights();
        Share.CheckEqual(
            new Dictionary<string, string>(Settings)
            {
                ["Epochs"] = $"{Epochs}",
                ["Start"] = $"{Phase} epoch {state.Epoch + 1} after {state.Done} rows",
            }
        );
        _needsOutputs = Share.Any(Targets.KeepsOutputs && Run.NeedsValidationOutputs);
        int batchSize = Sampling?.SlotSize ?? Math.Min(BatchSize, Math.Max(TrainingRows.Length, ValidationRows.Length));
        _outputs = new float[_needsOutputs ? ValidationRows.Length * Targets.Width : 0];
        var order = new EpochOrder(TrainingRows, Seed, SamplingWeights);
        using var reader = new BatchReader(Rows, Targets, batchSize, Share, BatchAugmenter, TargetCompletion, Sampling?.Multiple);
        using ILossMeasure measure = (ValidationLoss ?? Loss).OpenMeasure();
        _measure = measure;
        Run.CheckpointWriter = path => CheckpointFile.Write(path, TrainingCheckpoint.Of(this, state));
        Run.BeginPhase(this, StepsPerEpoch);
        if (!MeasureStart(reader))
            return End(StopReason.Canceled, "canceled while the network was measured, before its first step");

        while (state.Epoch < Epochs)
        {
            if (EarlyStopping is { } stopping && state.Epoch - 1 - state.Best >= stopping.Patience)
                return End(
                    StopReason.EarlyStopped,
                    $"the {(JudgesByFigure && state.BestFigure >= 0 ? "figures of validation have" : "validation loss has")} not improved since {(state.Best < 0 ? "the start" : $"epoch {state.Best + 1}")}"
                );
            if (state.Done == 0)
                Run.BeginEpoch(state.Epoch + 1);
            if (TrainEpoch(reader, Sampling?.Draw(state.Epoch) ?? order.Of(state.Epoch), out float rate) is { } ended)
                return ended;
            if (_again)
                continue;
            if (EndEpoch(reader, rate) is { } failed)
                return failed;
            if (EndRequested() is { } early)
                return early;
        }
        return End(StopReason.Completed, "");
    }

    private void Restore()
    {
        try
        {
            Resume?.Restore(_state, Session);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException(Run.ResumedFrom ?? "", $"its weights or its state do not fit this network: {e.Message}", e);
        }
    }

    /// <returns>Null if the epoch was completed.</returns>
    private PhaseResult? TrainEpoch(BatchReader reader, ReadOnlyMemory<int> order, out float rate)
    {
        LoopState state = _state;
        (TimeSpan elapsed, TimeSpan waited, long started) = (state.Elapsed, state.Waited, Stopwatch.GetTimestamp());
        rate = LearningRate;
        _again = false;
        float factor =
            (float)state.RateFactor
            * (ReduceOnPlateau?.FactorFor([.. state.Epochs.Select(epoch => epoch.ValidationLoss ?? epoch.TrainLoss)]) ?? 1);
        reader.Start(order[state.Done..], state.Epoch, state.Done / BatchSize);
        while (reader.Next() is ReadBatch read)
        {
            rate = factor * Schedule.RateAt(LearningRate, Step, Epochs * StepsPerEpoch);
            StepTargets?.Complete(Session, read, state.Epoch);
            if (MakeStep(read.Batch, rate) is not { } loss)
                return End(StopReason.Canceled, $"canceled in epoch {state.Epoch + 1} after {state.Done} of {order.Length} rows");
            if (
                !float.IsFinite(loss)
                && StepBack(
                    $"the loss was {loss} at step {state.Done / BatchSize + 1} of epoch {state.Epoch + 1} (learning rate {rate})",
                    isFinite: false
                )
            )
            {
                (state.Done, state.LossSum, _again) = (0, 0, true);
                return null;
            }
            if (!float.IsFinite(loss))
                return End(
                    StopReason.NotFiniteLoss,
                    $"the loss was {loss} at step {state.Done / BatchSize + 1} of epoch {state.Epoch + 1} (learning rate {rate}). Lower "
                        + $"LearningRate, or check the images and the preprocessing"
                );
            if (state.UnprovenWeights is { } proven && !JudgesByTraining)
                (state.KeptWeights, state.Kept, state.UnprovenWeights) = (proven, state.Epoch - 1, null);
            state.LossSum += loss * read.Total;
            state.Done += read.Total;
            if (double.IsNaN(state.StartLoss) && Step >= (StepsPerEpoch + 3) / 4)
                state.StartLoss = state.LossSum / state.Done;
            (state.Elapsed, state.Waited) = (elapsed + Stopwatch.GetElapsedTime(started), waited + reader.Waited);
            Progress?.Report(
                new TrainingProgress(Phase, state.Epoch + 1, Epochs, state.Done, order.Length, state.LossSum / state.Done, LastEpoch)
            );
            Run.EndStep(state.Epoch + 1, Step, loss, rate, read.Batch);
            if (Run.StopRequest is { } reason && !Share.IsShared)
                return End(StopReason.Stopped, $"stopped in epoch {state.Epoch + 1} after {state.Done} of {order.Length} rows: {reason}");
        }
        return null;
    }

    /// <returns>The loss; null if the run was canceled before or in the step.</returns>
    private float? MakeStep(TrainingBatch batch, float rate)
    {
        if (EndsAtOnce && CancellationToken.IsCancellationRequested)
            return null;
        try
        {
            return Session.Step(batch, rate);
        }
        catch (OperationCanceledException) when (EndsAtOnce && CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Ends if this worker or another was asked to: workers stop only between epochs, because a step needs all of them.</summary>
    private PhaseResult? EndRequested()
    {
        double[] asked = [Run.StopRequest is null ? 0 : 1, Share.IsShared && CancellationToken.IsCancellationRequested ? 1 : 0];
        Share.AllReduceSum(asked);
        if (asked[0] > 0)
            return End(StopReason.Stopped, $"stopped after epoch {_state.Epoch}: {Run.StopRequest ?? "another worker was asked to"}");
        return asked[1] > 0 ? End(StopReason.Canceled, $"canceled after epoch {_state.Epoch}") : null;
    }

    /// <summary>Measures a network that comes trained: it is the one to beat.</summary>
    /// <returns>False if the run was canceled.</returns>
    private bool MeasureStart(BatchReader reader)
    {
        if (!StartsTrained || ValidationRows.Length == 0 || _state.Epoch > 0 || _state.Done > 0)
            return true;
        if (Validate(reader) is not { } measured)
            return false;
        (_state.BestLoss, _state.StartAccuracy) = (measured.Loss, measured.Measures.Right);
        return true;
    }

    /// <summary>Goes back to the kept weights with a fraction of the learning rate, if the rate may still be lowered.</summary>
    /// <param name="reason">The event.</param>
    /// <param name="isFinite">True if the loss still was a number.</param>
    private bool StepBack(string reason, bool isFinite)
    {
        if (!LowersRate || _state.RateFactor < Math.Pow(StepBackFactor, StepsBack - 0.5))
            return false;
        _state.RateFactor *= StepBackFactor;
        Session.WriteState(StateEntries.Halt(Session.ReadState(), fromNothing: !isFinite));
        Session.WriteWeights(_state.KeptWeights!);
        _state.UnprovenWeights = null;
        Warned?.Invoke(
            FormattableString.Invariant(
                $"{Phase}: {reason}. The weights are again those {(_state.Kept < 0 ? "of the start" : $"after epoch {_state.Kept + 1}")}, and the learning rate is {_state.RateFactor:G2} of what it was from here on."
            )
        );
        return true;
    }

    /// <returns>Null if training may go on.</returns>
    private PhaseResult? EndEpoch(BatchReader reader, float rate)
    {
        LoopState state = _state;
        long started = Stopwatch.GetTimestamp();
        (double Loss, OutputMeasures Measures)? validation = null;
        if (ValidationRows.Length > 0 && (validation = Validate(reader)) is null)
            return End(StopReason.Canceled, $"canceled while epoch {state.Epoch + 1} was measured, after its last step");
        SetMeasures set = validation is null ? default : Targets.MeasureSet();
        var result = new EpochResult(
            Phase,
            state.Epoch + 1,
            state.LossSum / state.Done,
            validation?.Loss,
            validation?.Measures.Right,
            rate,
            state.Elapsed + Stopwatch.GetElapsedTime(started)
        )
        {
            ValidationMeanAbsoluteError = validation?.Measures.AbsoluteError,
            ValidationMeanAveragePrecision50 = set.MeanAveragePrecision50,
            ValidationMeanIoU = set.MeanIoU,
            DataWait = state.Waited + (validation is null ? TimeSpan.Zero : reader.Waited),
        };
        double lowest = state.Epochs.Select(epoch => epoch.TrainLoss).Append(LowersRate ? state.StartLoss : double.PositiveInfinity).Min();
        bool rose = LowersRate
            ? result.TrainLoss - lowest > (RiseFactor - 1) * Math.Abs(lowest) + RiseOfStart * Math.Abs(state.StartLoss)
            : result.TrainLoss > 2 * ChanceLoss && lowest < ChanceLoss;
        bool improved = validation is { } measured
            ? IsBetter(measured.Loss, JudgesByFigure ? set.Main : null) && !(measured.Measures.Right < state.StartAccuracy)
            : !rose;
        if (JudgesByTraining && state.UnprovenWeights is { } begun && state.Epochs.TrueForAll(epoch => result.TrainLoss < epoch.TrainLoss))
            (state.KeptWeights, state.Kept, state.UnprovenWeights) = (begun, state.Epoch - 1, null);
        bool isFinite = true;
        if (improved)
            (state.Best, state.BestLoss, state.BestFigure) = (state.Epoch, validation?.Loss ?? double.NaN, set.Main ?? -1);
        if (improved || !RestoreBestWeights)
        {
            IReadOnlyDictionary<string, OnnxTensor> weights = Session.ReadWeights();
            isFinite = AreFinite(weights);
            if (isFinite && double.IsFinite(validation?.Loss ?? double.NaN))
                (state.KeptWeights, state.Kept, state.UnprovenWeights) = (weights, state.Epoch, null);
            else if (isFinite)
                state.UnprovenWeights = weights;
        }
        state.Epochs.Add(result);
        Run.Completed.Add(result);
        // From here on the state is that of the next epoch's beginning: a checkpoint made by a callback goes on there.
        (state.Epoch, state.Done, state.LossSum, state.Elapsed, state.Waited) = (state.Epoch + 1, 0, 0, TimeSpan.Zero, TimeSpan.Zero);
        string? broken =
            !isFinite ? "weights became infinite or not a number"
            : rose ? $"the loss rose from {lowest:F3} to {result.TrainLoss:F3} in epoch {result.Epoch}"
            : null;
        bool goesOn = broken is null || StepBack(broken, isFinite) || isFinite;
        Progress?.Report(
            new TrainingProgress(Phase, result.Epoch, Epochs, TrainingRows.Length, TrainingRows.Length, result.TrainLoss, result)
        );
        EpochEnded?.Invoke(result);
        Run.EndEpoch(result, Step, improved && isFinite, _outputs);
        return goesOn
            ? null
            : End(
                StopReason.NotFiniteLoss,
                $"{broken} in epoch {result.Epoch} (learning rate {rate}). Lower LearningRate, or check the images and the preprocessing"
            );
    }

    /// <summary>Judges by the figure, and where that is the same or missing by the loss.</summary>
    private bool IsBetter(double loss, double? figure)
    {
        double delta = EarlyStopping?.MinimumDelta ?? 0;
        double gain = (figure ?? -1) - _state.BestFigure;
        return figure is not null && gain != 0 ? gain > delta : loss < _state.BestLoss - delta;
    }

    /// <summary>Uses the sum: one infinite value or NaN makes it infinite or NaN.</summary>
    private static bool AreFinite(IReadOnlyDictionary<string, OnnxTensor> weights) =>
        weights.Values.All(w =>
            w.ElementType != OnnxElementType.Float || float.IsFinite(TensorPrimitives.SumOfMagnitudes(w.Span<float>()))
        );

    private PhaseResult End(StopReason reason, string message)
    {
        Run.EndPhase();
        // A canceled run without a completed epoch keeps the steps it made; after a bad loss no step since the last epoch is trusted.
        bool restore =
            reason == StopReason.NotFiniteLoss
            || (
                RestoreBestWeights
                && (ValidationRows.Length > 0 ? _state.Best >= 0 || StartsTrained : _state.Best < _state.Epochs.Count - 1)
            );
        if (restore)
            Session.WriteWeights(_state.KeptWeights!);
        return new PhaseResult(_state.Epochs, restore ? _state.Kept : _state.Epochs.Count - 1, reason, message);
    }

    /// <summary>
    /// The mean loss and figures of the validation rows; smoothing, class weights and augmentation are for training only. Workers measure
    /// their share, and decide by the same sums.
    /// </summary>
    /// <returns>Null if the run was canceled.</returns>
    private (double Loss, OutputMeasures Measures)? Validate(BatchReader reader)
    {
        (double loss, double weight) = (0, 0);
        var measures = new OutputMeasures(0, 0);
        Targets.BeginSet();
        // Where a worker has no row it still has the figures that the task has.
        bool isWhole = Predict(
            reader,
            ValidationRows,
            _needsOutputs ? _outputs : [],
            (read, output) =>
            {
                OutputMeasures batch = Targets.Measure(read.Rows.Span, output);
                if (read.IsPadding)
                    batch = new OutputMeasures(batch.Right * 0, batch.AbsoluteError * 0);
                else
                    (loss, weight) = (
                        loss + _measure!.Sum(output, read.Batch.Targets.Span, Targets.Width),
                        weight + read.Batch.TargetWeight
                    );
                measures += batch;
            }
        );
        if (!isWhole)
            return null;
        double[] sums = [loss, weight, measures.Right ?? 0, measures.AbsoluteError ?? 0];
        Share.AllReduceSum(sums);
        measures = new OutputMeasures(measures.Right is null ? null : sums[2], measures.AbsoluteError is null ? null : sums[3]);
        return (sums[0] / sums[1], measures / ValidationRows.Length);
    }

    /// <summary>The outputs of some rows, one row after another, with the weights that the session has after <see cref="Train"/>.</summary>
    /// <returns>Null if the run is canceled.</returns>
    public float[]? Predict(int[] rows)
    {
        var outputs = new float[rows.Length * Targets.Width];
        using var reader = new BatchReader(Rows, Targets, Math.Min(BatchSize, rows.Length), Share);
        return Predict(reader, rows, outputs, (_, _) => { }) ? outputs : null;
    }

    /// <summary>Predicts rows, each worker its own.</summary>
    /// <param name="reader">Reads them.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="outputs">Receives the outputs of all workers' rows; empty if they are not wanted.</param>
    /// <param name="each">Receives each batch with its outputs.</param>
    /// <returns>False if the run was canceled before the last batch.</returns>
    private bool Predict(BatchReader reader, int[] rows, Span<float> outputs, Action<ReadBatch, ReadOnlySpan<float>> each)
    {
        outputs.Clear();
        reader.Start(rows, RowView.Plain);
        for (int done = 0; reader.Next() is ReadBatch read; done += read.Total)
        {
            if (EndsAtOnce && CancellationToken.IsCancellationRequested)
                return false;
            int length = read.Count * Targets.Width;
            if (_batchOutputs.Length < length)
                _batchOutputs = new float[length];
            Span<float> output = _batchOutputs.AsSpan(0, length);
            Session.Predict(read.Batch, output);
            each(read, output);
            if (outputs.Length > 0 && !read.IsPadding)
                Share.Scatter(output, Targets.Width, outputs[(done * Targets.Width)..]);
        }
        Share.AllReduceSum(outputs);
        return true;
    }

    /// <summary>The result of a phase.</summary>
    /// <param name="Epochs">The completed epochs.</param>
    /// <param name="BestEpoch">The epoch whose weights the session has now, from 0; -1 for none.</param>
    /// <param name="Reason">The reason why it ended.</param>
    /// <param name="Message">Details of the reason.</param>
    public sealed record PhaseResult(IReadOnlyList<EpochResult> Epochs, int BestEpoch, StopReason Reason, string Message);
}
