using System.Numerics.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Targets;
using MLNetExtensions.Training.TensorBoard;

namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// Writes logs for TensorBoard (<c>tensorboard --logdir FOLDER</c>): losses and metrics, the learning rate, histograms of weights (and of
/// gradients, if the session provides them), images of a training batch as the network gets it, the confusion matrix of the validation
/// rows, and the graph. A run that resumes from a checkpoint adds a file to the folder. The names of a fine-tuning phase's entries start
/// with the phase's name. Of several workers, the first writes them.
/// </summary>
public sealed class TensorBoardCallback : TrainingCallback
{
    private const int MaximumClasses = 100;

    private readonly string _folder;
    private TensorBoardWriter? _writer;

    /// <param name="folder">The run's folder; TensorBoard names the run after it.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public TensorBoardCallback(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <summary>The number of steps between writes of the loss and the learning rate.</summary>
    /// <value>The default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int UpdateFrequency
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 1;

    /// <summary>The number of epochs between histograms.</summary>
    /// <value>The default is 1; 0 writes none.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int HistogramFrequency
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 1;

    /// <summary>The number of images of an epoch's first batch to write.</summary>
    /// <value>The default is 32; 0 writes none.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Images
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 32;

    /// <inheritdoc/>
    public override bool NeedsValidationOutputs => true;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainBeginArguments arguments)
    {
        if (arguments.Run.Rank > 0)
            return;
        _writer = new TensorBoardWriter(_folder);
        if (arguments.Run.Network is { } network)
            _writer.AddGraph(network);
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndArguments arguments)
    {
        if (_writer is null)
            return;
        string prefix = Prefix(arguments.Run);
        if (arguments.Step % UpdateFrequency == 0)
        {
            _writer.AddScalar($"{prefix}loss/step", arguments.Loss, arguments.Step);
            _writer.AddScalar($"{prefix}learning_rate", arguments.LearningRate, arguments.Step);
        }
        if (Images > 0 && (arguments.Step - 1) % arguments.Run.StepsPerEpoch == 0)
            AddImages(prefix, arguments);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (_writer is not { } writer)
            return;
        (string prefix, EpochResult epoch, int step) = (Prefix(arguments.Run), arguments.Result, arguments.Step);
        writer.AddScalar($"{prefix}loss/train", epoch.TrainLoss, step);
        if (epoch.ValidationLoss is { } loss)
            writer.AddScalar($"{prefix}loss/validation", loss, step);
        if (epoch.ValidationAccuracy is { } accuracy)
            writer.AddScalar($"{prefix}validation/accuracy", accuracy, step);
        if (epoch.ValidationMeanAbsoluteError is { } error)
            writer.AddScalar($"{prefix}validation/mean_absolute_error", error, step);
        if (epoch.ValidationMeanAveragePrecision50 is { } precision)
            writer.AddScalar($"{prefix}validation/map50", precision, step);
        if (epoch.ValidationMeanIoU is { } iou)
            writer.AddScalar($"{prefix}validation/mean_iou", iou, step);
        writer.AddScalar($"{prefix}time/epoch_seconds", epoch.Duration.TotalSeconds, step);
        writer.AddScalar($"{prefix}time/data_wait_fraction", epoch.DataWaitFraction, step);
        if (HistogramFrequency > 0 && epoch.Epoch % HistogramFrequency == 0)
            AddHistograms(prefix, arguments.Run, step);
        if (ConfusionOf(arguments) is { } matrix)
            writer.AddConfusionMatrix($"{prefix}confusion", matrix, step);
        writer.Flush();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainEndArguments arguments)
    {
        _writer?.Dispose();
        _writer = null;
    }

    private static string Prefix(TrainingRun run) =>
        run.Phase == TrainingPhase.Network ? "" : $"{run.Phase.ToString().ToLowerInvariant()}/";

    private void AddImages(string prefix, StepEndArguments arguments)
    {
        if (arguments.Run.Preprocessing is not { } preprocessing)
            return;
        int size = preprocessing.ChannelCount * preprocessing.Height * preprocessing.Width,
            count = Math.Min(Images, arguments.Batch.Count);
        // Features of frozen layers are no images.
        if (arguments.Batch.Inputs.Count != 1 || arguments.Batch.Inputs[0].Length != arguments.Batch.Count * size)
            return;
        ReadOnlySpan<float> values = arguments.Batch.Inputs[0].Span[..(count * size)];
        var pixels = new byte[values.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(MathF.Round(values[i]), 0, 255);
        _writer!.AddImageGrid(
            $"{prefix}batch",
            Colors(pixels, count, preprocessing.ChannelCount),
            preprocessing.Width,
            preprocessing.Height,
            arguments.Step
        );
    }

    /// <summary>Red, green and blue of images with another number of planes: gray three times, colors without alpha.</summary>
    private static byte[] Colors(byte[] pixels, int count, int channels)
    {
        if (channels == 3)
            return pixels;
        int plane = pixels.Length / (count * channels);
        var colors = new byte[3 * plane * count];
        for (int i = 0; i < 3 * count; i++)
            pixels.AsSpan(((i / 3 * channels) + (channels == 1 ? 0 : i % 3)) * plane, plane).CopyTo(colors.AsSpan(i * plane));
        return colors;
    }

    private void AddHistograms(string prefix, TrainingRun run, int step)
    {
        foreach ((string name, OnnxTensor tensor) in run.ReadWeights())
            _writer!.AddHistogram($"{prefix}weights/{name}", tensor.Span<float>(), step);
        if (run.Session is IGradientSource source)
            foreach ((string name, OnnxTensor tensor) in source.ReadGradients())
                _writer!.AddHistogram($"{prefix}gradients/{name}", tensor.Span<float>(), step);
    }

    private static ClassConfusionMatrix? ConfusionOf(EpochEndArguments arguments)
    {
        TrainingRun run = arguments.Run;
        int classes = run.LabelNames.Count,
            width = run.OutputCount;
        if (run.ValidationLabels.Count == 0 || classes > MaximumClasses)
            return null;
        var counts = new long[classes * classes];
        var levels = new float[classes];
        ReadOnlySpan<float> outputs = arguments.ValidationOutputs.Span;
        for (int row = 0; row < run.ValidationLabels.Count; row++)
        {
            ReadOnlySpan<float> answer = outputs.Slice(row * width, width);
            if (width != classes)
            {
                // Levels in an order: an output for each step between them.
                OrdinalTargets.LevelProbabilities(answer, levels);
                answer = levels;
            }
            counts[run.ValidationLabels[row] * classes + TensorPrimitives.IndexOfMax(answer)]++;
        }
        return new ClassConfusionMatrix(run.LabelNames, counts);
    }
}
