using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Sessions;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>One Fit before its rows are read: options, task, runtime, seed and log. It does not change.</summary>
internal sealed class TrainerSetup
{
    /// <param name="context">Its GPU and session options are used.</param>
    /// <param name="host">Draws the seed where the options name none.</param>
    /// <param name="channel">Gets the log.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="schema">The schema of the training rows.</param>
    /// <exception cref="ArgumentException">The label column does not serve, or the graph of the loss does not fit it.</exception>
    /// <exception cref="UnsupportedOpsException">The runtime cannot train with the graph of the loss.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime's native library is missing, or the GPU.</exception>
    public TrainerSetup(MLContext context, IHost host, IChannel channel, ImageTrainerOptions options, DataViewSchema schema)
    {
        (Context, Options, Log) = (context, options, new TrainerLog(channel));
        SessionOpening.Check(context);
        Task = LabeledTask.Of(options.Task).Bind(schema[options.LabelColumnName], options.PredictedLabelColumnName);
        Runtime = options.Runtime ?? TrainingRuntime.Default();
        if (options.Loss is OnnxLoss loss)
        {
            OnnxLossSignature signature = loss.SignatureFor(Task.Outputs);
            if (options.ClassWeights is not null || options.BalanceClasses)
                signature.RequireWeighted();
            Runtime.Check(loss, Task.Outputs);
        }
        Seed = options.Seed ?? host.Rand.Next();
        ValidationKeys = ValidationLabels.Map(options, schema[options.LabelColumnName]);
        Progress = new ProgressLog(Log.Info, options.Progress);
        string[][] alike =
        [
            .. Task
                .LabelNames.GroupBy(name => name.Trim(), StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
                .Select(group => group.ToArray()),
        ];
        if (alike.Length > 0)
            Log.Warn(
                $"Column '{options.LabelColumnName}' has classes that differ only in case or in spaces around them, and are trained as "
                    + $"different ones: "
                    + $"{string.Join("; ", alike.Take(5).Select(names => string.Join(", ", names.Select(name => $"'{name}'"))))}{(alike.Length > 5 ? "; ..." : "")}."
            );
    }

    public MLContext Context { get; }

    public ImageTrainerOptions Options { get; }

    public TrainerLog Log { get; }

    /// <summary>The task, with the label column.</summary>
    public BoundTask Task { get; }

    public ITrainingRuntime Runtime { get; }

    /// <summary>The number of processes that train together.</summary>
    public int WorldSize => (Runtime as IWorkerRuntime)?.WorldSize ?? 1;

    /// <summary>This one among them, from 0.</summary>
    public int Rank => (Runtime as IWorkerRuntime)?.Rank ?? 0;

    public int Seed { get; }

    /// <summary>The number of outputs that the network must have.</summary>
    public int Outputs => Task.Outputs;

    /// <summary>The training keys of the validation set's classes; null if the keys are the same.</summary>
    public int[]? ValidationKeys { get; }

    /// <summary>Gets every report of how far the run is: for the log, and for whom the options name.</summary>
    public IProgress<TrainingProgress> Progress { get; }

    /// <inheritdoc cref="IWorkerRuntime.Join"/>
    public IWorkers Join(IReadOnlyDictionary<string, string> settings) =>
        ((IWorkerRuntime)Runtime).Join(
            new TrainingSessionOptions
            {
                Optimizer = new Sgd(),
                Threads = Options.Threads,
                GpuDeviceId = Context.GpuDeviceId,
                FallbackToCpu = Context.FallbackToCpu,
            },
            settings
        );
}
