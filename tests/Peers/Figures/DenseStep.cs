using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Peers.DenseSteps;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A training step of TrainDetector and of TrainSegmenter on MobileNetV2, all layers, batch 16, fp32, AdamW: ours over that of Debian's PyTorch
/// with the same graph, loss, weights and batch. Both must compute the same loss.
/// </summary>
internal static class DenseStep
{
    private const int StepsPerRound = 1,
        Rounds = 9;

    private const float LearningRate = 1e-4f;

    // Sums of many terms in another order.
    private const double SameLoss = 1e-3;

    /// <summary>Blood cells (BCCD) at 320 x 256.</summary>
    public static double? Detection()
    {
        string folder = SharedData.PathOf("data", "bccd");
        var ml = new MLContext(seed: 1);
        IDataView images = ml.Data.LoadFromCoco(Path.Combine(folder, "train.json"), new LoadCocoOptions { ImageFolder = folder });
        return OverPyTorch(runtime =>
            ml.MulticlassClassification.Trainers.TrainDetector(
                    new TrainDetectorOptions
                    {
                        Backbone = SharedModels.Read("mobilenetv2_1.0_224_bn"),
                        ImageWidth = 320,
                        ImageHeight = 256,
                        FreezeEpochs = 0,
                        Precision = TrainingPrecision.Float32,
                        Runtime = runtime,
                        Seed = 1,
                    }
                )
                .Fit(images)
                .Dispose()
        );
    }

    /// <summary>Road scenes (CamVid) at 256 x 192.</summary>
    public static double? Segmentation()
    {
        string folder = SharedData.PathOf("data", "camvid", "train");
        var ml = new MLContext(seed: 1);
        IDataView images = ml.Data.LoadFromMasks(
            Path.Combine(folder, "images"),
            Path.Combine(folder, "masks"),
            new LoadMasksOptions { Classes = SegmentationAccuracy.Classes, IgnoredIndex = SegmentationAccuracy.Void }
        );
        return OverPyTorch(runtime =>
            ml.MulticlassClassification.Trainers.TrainSegmenter(
                    new TrainSegmenterOptions
                    {
                        Backbone = SharedModels.Read("mobilenetv2_1.0_224_bn"),
                        ImageWidth = 256,
                        ImageHeight = 192,
                        FreezeEpochs = 0,
                        Precision = TrainingPrecision.Float32,
                        Runtime = runtime,
                        Seed = 1,
                    }
                )
                .Fit(images)
                .Dispose()
        );
    }

    private static double OverPyTorch(Action<ITrainingRuntime> fit)
    {
        CapturingRuntime captured = Capture(fit);
        TrainingSessionOptions options = captured.Options!;
        // The average of the weights is no part of what is compared.
        options.WeightAveraging = null;
        TrainingBatch batch = captured.Batch!;
        ITrainingRuntime runtime = new TorchSharpRuntime();
        using ITrainingSession session = runtime.CreateSession(captured.Graph!, options);
        using var files = new PeerGraph(captured.Graph!, options, batch, LearningRate);
        using var peer = new PythonPeer("dense_step.py", files.Folder);
        Console.WriteLine($"ours: {session.Device}; PyTorch: {peer.Ask("threads")} threads, fp32; batch {batch.Count}");
        // The first step's loss is that of the weights that both begin with, the second's of what both made of them.
        for (int step = 1; step <= 2; step++)
        {
            double our = session.Step(batch, LearningRate),
                their = peer.AskNumber("loss");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loss of step {step}: ours {our:G6}, peer {their:G6}"));
            if (Math.Abs(our - their) > SameLoss * Math.Abs(their))
                throw new InvalidOperationException("The losses differ: it is not the same step.");
        }
        return PairedTimes.Ratio(() => Steps(StepsPerRound), () => peer.AskNumber($"steps {StepsPerRound}"), Rounds, warmups: 1);

        double Steps(int count)
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                session.Step(batch, LearningRate);
            return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
        }
    }

    private static CapturingRuntime Capture(Action<ITrainingRuntime> fit)
    {
        var runtime = new CapturingRuntime(new TorchSharpRuntime());
        try
        {
            fit(runtime);
        }
        catch (StepCaptured)
        {
            return runtime;
        }
        throw new InvalidOperationException("Training ended without a step.");
    }
}
