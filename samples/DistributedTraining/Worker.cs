using FineTuneSample;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;

namespace DistributedTraining;

/// <summary>What every worker does. All of them get the same model; the first measures and saves it.</summary>
internal static class Worker
{
    /// <param name="cluster">The workers, and which this one is.</param>
    /// <param name="folder">Photos, a sub-folder for each class; null draws some.</param>
    /// <param name="epochs">Passes over the photos.</param>
    /// <param name="output">A folder that all workers see, for checkpoints and the model.</param>
    /// <param name="seed">Fixes every random draw.</param>
    /// <param name="canceled">Ends all workers after the epoch.</param>
    public static void Run(TensorFlowCluster cluster, string? folder, int epochs, string output, int seed, CancellationToken canceled)
    {
        string checkpoints = Directory.CreateDirectory(Path.Combine(output, "checkpoints")).FullName;
        using ShapeImages? drawn = folder is null ? new ShapeImages(perClass: 60, seed) : null;
        var ml = new MLContext(seed);
        IDataView photos = ml.Data.LoadFromImageFolder(folder ?? drawn!.Folder); // ImagePath, Label
        var split = ml.Data.TrainTestSplit(photos, testFraction: 0.25);

        ITransformer model = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new SeedCnn(),
                        ImageColumnName = "ImagePath",
                        Epochs = epochs,
                        BatchSize = 32, // of all workers together
                        ResumeFrom = checkpoints, // nothing is there at first
                        Callbacks = [new CheckpointCallback(checkpoints), new EpochLines()],
                        CancellationToken = canceled,
                        Runtime = TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster }),
                    }
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(split.TrainSet);

        if (cluster.Index == 0)
        {
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
            Console.WriteLine($"On photos it has not seen: accuracy {metrics.MicroAccuracy:P1}, log-loss {metrics.LogLoss:F3}");
            string file = Path.Combine(output, "model.zip");
            ml.Model.SaveAtomic(model, photos.Schema, file);
            Console.WriteLine($"Saved {file}.");
        }
        (model as IDisposable)?.Dispose();
    }

    private sealed class EpochLines : TrainingCallback
    {
        public override void OnTrainBegin(TrainBeginArguments arguments) =>
            Console.WriteLine(
                $"Worker {arguments.Run.Rank} of {arguments.Run.WorldSize}, {arguments.Run.TrainingRows} photos, "
                    + $"{arguments.Run.History.Count} epochs done"
            );

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Run.Rank == 0)
                Console.WriteLine(
                    $"Epoch {arguments.Result.Epoch} of {arguments.Run.Epochs}: loss {arguments.Result.TrainLoss:F3} "
                        + $"({arguments.Result.Duration.TotalSeconds:F1} s)"
                );
        }
    }
}
