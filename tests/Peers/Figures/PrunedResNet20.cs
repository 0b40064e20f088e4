using System.Diagnostics;
using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Peers.Figures;

/// <summary>ResNet-20 with less than half of its multiplications, trained on with the whole network as its teacher.</summary>
internal static class PrunedResNet20
{
    private const int Epochs = 40;

    /// <summary>Points lost on CIFAR-10's 10,000 test images after training on; the whole network has 91.73 %.</summary>
    public static double? Loss()
    {
        var ml = new MLContext(seed: 1);
        Backbone whole = CifarView.ResNet20;
        IDataView training = CifarView.Of(ml, CifarView.Training),
            test = CifarView.Of(ml, CifarView.Test);
        CompressedModel pruned = Prune(ml, whole);
        Console.Write(pruned.Report);
        long started = Stopwatch.GetTimestamp();
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = _ => pruned.Model,
                    Preprocessing = whole.Preprocessing,
                    Augmentation = Augment.Cifar(),
                    Optimizer = new Sgd
                    {
                        Momentum = 0.9f,
                        Nesterov = true,
                        WeightDecay = 1e-4f,
                    },
                    LearningRate = 0.05f,
                    Epochs = Epochs,
                    BatchSize = 128,
                    Distillation = new KnowledgeDistillation(whole) { Temperature = 4, Alpha = 0.9f },
                    Progress = new EpochPrinter(),
                    Seed = 1,
                }
            )
            .Fit(training);
        double before = Accuracy(ml, whole.Graph, whole.Preprocessing, test),
            after = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        Console.WriteLine(
            $"whole {before:P2}, pruned and trained {after:P2} after {Epochs} epochs in "
                + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"
        );
        return 100 * (before - after);
    }

    /// <summary>
    /// The time of a row before over after, the smaller of one row and of 32 at a time; of one thread, whose time is the work's.
    /// </summary>
    public static double? Speedup()
    {
        var ml = new MLContext(seed: 1);
        Backbone whole = CifarView.ResNet20;
        CompressedModel pruned = Prune(ml, whole);
        Console.Write(pruned.Report);
        var run = new CompressionRun(ml, new PruneOptions { Threads = 1 });
        double least = double.PositiveInfinity;
        foreach (int count in new[] { 1, 32 })
        {
            (TimeSpan before, TimeSpan after, double speedup) = LatencyProbe.Compare(
                run,
                whole.Graph,
                pruned.Model,
                [new float[count * ImageSet.Size]],
                count
            );
            Console.WriteLine(
                $"{count} at a time: {before.TotalMilliseconds:F3} -> {after.TotalMilliseconds:F3} ms a row, {speedup:F2} times faster"
            );
            least = Math.Min(least, speedup);
        }
        return least;
    }

    // 16 channels are what AVX-512 computes at once.
    private static CompressedModel Prune(MLContext ml, Backbone whole) =>
        ml.Vision().Prune(whole, new PruneOptions { TargetMacsFraction = 0.45, ChannelMultiple = 16 });

    private static double Accuracy(MLContext ml, OnnxGraph graph, ImagePreprocessing preprocessing, IDataView test)
    {
        var run = new CompressionRun(ml, new PruneOptions());
        using ModelRows rows = ModelRows.Read(run, new SourceModel(graph, preprocessing), test, "test", needsLabels: true);
        return ModelAnswers.Of(run, graph, rows).Accuracy(rows.Classes);
    }

    private sealed class EpochPrinter : IProgress<TrainingProgress>
    {
        private EpochResult? _last;

        public void Report(TrainingProgress value)
        {
            if (value.LastEpoch is { } epoch && epoch != _last)
                Console.WriteLine($"  epoch {(_last = epoch).Epoch}: loss {epoch.TrainLoss:F3} ({epoch.Duration.TotalSeconds:F0} s)");
        }
    }
}
