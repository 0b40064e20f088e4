using System.Diagnostics;
using System.Globalization;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Faults.Cancels;

/// <summary>
/// The command <c>cancel</c>: steps of a network with all its layers are canceled at random moments. It says how long a step takes, and how
/// long each went on.
/// </summary>
internal static class CancelCommand
{
    private const int Rows = 32;

    // What the documents promise.
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(2);

    /// <param name="args">The number of cancels in each runtime; an ONNX file in place of ResNet-18.</param>
    public static int Run(string[] args)
    {
        int count = int.Parse(args[0], CultureInfo.InvariantCulture);
        Backbone backbone = args is [_, var file]
            ? Backbone.FromFile(file)
            : Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18");
        OnnxGraph network = backbone.Graph;
        TrainingBatch batch = Batch(backbone);
        int late = Measure("TorchSharp", options => TrainingRuntime.Default().CreateSession(network, options), batch, count);
        try
        {
            TensorFlowRuntime runtime = TensorFlowRuntime.Create();
            late += Measure(runtime.Name, options => runtime.CreateSession(network, options), batch, count);
        }
        catch (DllNotFoundException)
        {
            Console.WriteLine("TensorFlow: its library is not on this machine");
        }
        Console.WriteLine($"figure late-cancels {late}");
        return late == 0 ? 0 : 1;
    }

    private static int Measure(string name, Func<TrainingSessionOptions, ITrainingSession> create, TrainingBatch batch, int count)
    {
        var random = new Random(1);
        List<TimeSpan> ends = [];
        TimeSpan step = default;
        for (int i = 0; i < count; i++)
        {
            using var cancellation = new CancellationTokenSource();
            using ITrainingSession session = create(
                new TrainingSessionOptions { Precision = TrainingPrecision.Float32, CancellationToken = cancellation.Token }
            );
            // The first step has what is made once.
            session.Step(batch, 1e-4f);
            long start = Stopwatch.GetTimestamp();
            session.Step(batch, 1e-4f);
            step = Stopwatch.GetElapsedTime(start);
            long canceled = 0;
            using var timer = new Timer(
                _ =>
                {
                    canceled = Stopwatch.GetTimestamp();
                    cancellation.Cancel();
                },
                null,
                step * random.NextDouble(),
                Timeout.InfiniteTimeSpan
            );
            try
            {
                while (true)
                    session.Step(batch, 1e-4f);
            }
            catch (OperationCanceledException)
            {
                ends.Add(Stopwatch.GetElapsedTime(canceled));
            }
        }
        TimeSpan[] sorted = [.. ends.Order()];
        Console.WriteLine(
            FormattableString.Invariant(
                $"{name}: a step of {Rows} rows takes {step.TotalSeconds:F2} s; of {count} canceled ones the median went on for {sorted[count / 2].TotalSeconds:F2} s, the slowest for {sorted[^1].TotalSeconds:F2} s"
            )
        );
        return sorted.Count(end => end > Allowed);
    }

    private static TrainingBatch Batch(Backbone backbone)
    {
        long[] input = BatchAxis.InputShapes(backbone.Graph, Rows)[backbone.Graph.Inputs[0].Name];
        var random = new Random(1);
        float[] values = new float[input.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        int classes = (int)backbone.Graph.Outputs[0].Shape![1].Size!.Value;
        float[] targets = new float[Rows * classes];
        float weight = new CrossEntropy().Encode([.. Enumerable.Range(0, Rows)], classes, targets);
        return new TrainingBatch
        {
            Count = Rows,
            Inputs = [values],
            Targets = targets,
            TargetWeight = weight,
        };
    }
}
