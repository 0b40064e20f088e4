using System.Diagnostics;
using System.Numerics.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Training;

/// <summary>
/// The epochs of one phase: shuffles every epoch, trains the last partial batch too, measures on the validation rows, remembers the best epoch,
/// and ends early when asked to. The next batch is read while the current one is trained.
/// </summary>
internal sealed class TrainingLoop
{
    public required TrainingPhase Phase { get; init; }
    public required ITrainingSession Session { get; init; }
    public required ITrainingRows Rows { get; init; }
    public required int[] Labels { get; init; }
    public required int Classes { get; init; }

    /// <summary>The rows trained on, and those measured on, as indices into <see cref="Rows"/>.</summary>
    public required int[] TrainingRows { get; init; }
    public required int[] ValidationRows { get; init; }

    public required int Epochs { get; init; }
    public required int BatchSize { get; init; }
    public required float LearningRate { get; init; }
    public required LearningRateSchedule Schedule { get; init; }
    public required CrossEntropy Loss { get; init; }
    public required int Seed { get; init; }
    public EarlyStopping? EarlyStopping { get; init; }
    public bool RestoreBestEpoch { get; init; }
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Gets each epoch's figures as soon as it ends, for logging.</summary>
    public Action<EpochResult>? EpochEnded { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public Outcome Run()
    {
        var epochs = new List<EpochResult>();
        int stepsPerEpoch = (TrainingRows.Length + BatchSize - 1) / BatchSize;
        int best = -1;
        double bestLoss = double.PositiveInfinity;
        // What the session goes back to: the best epoch's weights, or without a validation set the last whole epoch's.
        IReadOnlyDictionary<string, OnnxTensor> keptWeights = Session.ReadWeights();
        int kept = -1;
        // Weights that no validation has measured are worth keeping only when a later step's loss has shown them to be finite.
        IReadOnlyDictionary<string, OnnxTensor>? unproven = null;
        int[] order = [.. TrainingRows];
        int batchSize = Math.Min(BatchSize, Math.Max(TrainingRows.Length, ValidationRows.Length));
        var targets = new float[batchSize * Classes];
        using var reader = new BatchReader(Rows, batchSize);

        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            long started = Stopwatch.GetTimestamp();
            new Random(HashCode.Combine(Seed, epoch)).Shuffle(order);
            double lossSum = 0;
            int done = 0;
            float rate = LearningRate;
            reader.Start(order);
            while (reader.Next() is ReadBatch read)
            {
                if (CancellationToken.IsCancellationRequested)
                    return End(StopReason.Cancelled, $"cancelled in epoch {epoch + 1} after {done} of {order.Length} rows");
                int step = epoch * stepsPerEpoch + done / BatchSize;
                rate = Schedule.RateAt(LearningRate, step, Epochs * stepsPerEpoch);
                float loss = Session.Step(WithTargets(read, targets), rate);
                if (!float.IsFinite(loss))
                    return End(StopReason.NotFiniteLoss, $"the loss was {loss} at step {done / BatchSize + 1} of epoch {epoch + 1} (learning rate {rate}). Lower LearningRate, or check the pictures and the preprocessing");
                if (unproven is not null)
                    (keptWeights, kept, unproven) = (unproven, epoch - 1, null);
                lossSum += loss * read.Count;
                done += read.Count;
                Progress?.Report(new TrainingProgress(Phase, epoch + 1, Epochs, done, order.Length, lossSum / done, epochs.LastOrDefault()));
            }

            (double Loss, double Accuracy)? validation = ValidationRows.Length > 0 ? Validate(reader, targets) : null;
            var result = new EpochResult(Phase, epoch + 1, lossSum / done, validation?.Loss, validation?.Accuracy, rate, Stopwatch.GetElapsedTime(started));
            epochs.Add(result);
            EpochEnded?.Invoke(result);

            bool improved = validation is null || best < 0 || validation.Value.Loss < bestLoss - (EarlyStopping?.MinimumDelta ?? 0);
            if (improved)
                (best, bestLoss) = (epoch, validation?.Loss ?? double.NaN);
            if (improved || !RestoreBestEpoch)
            {
                if (double.IsFinite(validation?.Loss ?? double.NaN))
                    (keptWeights, kept, unproven) = (Session.ReadWeights(), epoch, null);
                else
                    unproven = Session.ReadWeights();
            }
            if (!improved && epoch - best >= EarlyStopping?.Patience)
                return End(StopReason.EarlyStopped, $"the validation loss has not improved since epoch {best + 1}");
        }
        return End(StopReason.Completed, "");

        Outcome End(StopReason reason, string message)
        {
            // A cancelled run without a completed epoch keeps the steps it made; after a bad loss no step since the last epoch is trusted.
            bool restore = reason == StopReason.NotFiniteLoss || (ValidationRows.Length > 0 && RestoreBestEpoch && best >= 0);
            if (restore)
                Session.WriteWeights(keptWeights);
            return new Outcome(epochs, restore ? kept : epochs.Count - 1, reason, message);
        }
    }

    private TrainingBatch WithTargets(ReadBatch read, float[] targets)
    {
        float weight = Loss.Encode(LabelsOf(read), Classes, targets);
        return new TrainingBatch { Count = read.Count, Inputs = read.Inputs, Targets = targets.AsMemory(0, read.Count * Classes), TargetWeight = weight };
    }

    private (double Loss, double Accuracy) Validate(BatchReader reader, float[] targets)
    {
        // Plain cross-entropy: smoothing and class weights are for training only.
        var plain = new CrossEntropy();
        var logits = new float[targets.Length];
        double loss = 0;
        int right = 0;
        reader.Start(ValidationRows);
        while (reader.Next() is ReadBatch read)
        {
            int[] labels = LabelsOf(read);
            Span<float> output = logits.AsSpan(0, read.Count * Classes);
            Session.Predict(new TrainingBatch { Count = read.Count, Inputs = read.Inputs }, output);
            plain.Encode(labels, Classes, targets);
            loss += plain.Sum(output, targets.AsSpan(0, output.Length), Classes);
            for (int i = 0; i < labels.Length; i++)
                right += TensorPrimitives.IndexOfMax<float>(output.Slice(i * Classes, Classes)) == labels[i] ? 1 : 0;
        }
        return (loss / ValidationRows.Length, (double)right / ValidationRows.Length);
    }

    private int[] LabelsOf(ReadBatch read)
    {
        ReadOnlySpan<int> rows = read.Rows.Span;
        var labels = new int[rows.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = Labels[rows[i]];
        return labels;
    }

    /// <summary>How a phase ended.</summary>
    /// <param name="Epochs">The completed epochs.</param>
    /// <param name="BestEpoch">The epoch whose weights the session has now, from 0; -1 for none.</param>
    /// <param name="Reason">Why it ended.</param>
    /// <param name="Message">More about the end.</param>
    public sealed record Outcome(IReadOnlyList<EpochResult> Epochs, int BestEpoch, StopReason Reason, string Message);
}
