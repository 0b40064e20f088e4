using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace WorkerApp;

/// <summary>A short training that goes on from its folder's checkpoints; the first worker writes model.onnx there.</summary>
internal static class Training
{
    private const int Rows = 28,
        Side = 32;

    public static void Run(string folder, TensorFlowCluster? cluster, int epochs, int crashEpoch)
    {
        var ml = new MLContext(seed: 1);
        string checkpoints = Directory.CreateDirectory(Path.Combine(folder, "checkpoints")).FullName;
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(Row.Create));
        rows = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new LeNet5(),
                    Epochs = epochs,
                    BatchSize = 9,
                    Threads = 1,
                    Seed = 1,
                    Precision = TrainingPrecision.Float32,
                    ResumeFrom = checkpoints,
                    Callbacks = [new CheckpointCallback(checkpoints) { EveryEpochs = epochs > 1000 ? 0 : 1 }, new Watched(crashEpoch)],
                    Runtime = TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster }),
                }
            )
            .Fit(rows);
        if (cluster is null or { Index: 0 })
            model.Model.Save(Path.Combine(folder, "model.onnx"));
    }

    private sealed class Watched(int crashEpoch) : TrainingCallback
    {
        public override void OnTrainBegin(TrainBeginArguments arguments) =>
            Console.WriteLine(
                $"process {Environment.ProcessId} begins after epoch {arguments.Run.History.Count} as worker {arguments.Run.Rank} of "
                    + $"{arguments.Run.WorldSize}"
            );

        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Epoch == crashEpoch && arguments.Run.Rank == 1 && TensorFlowLauncher.Attempt == 0)
                Process.GetCurrentProcess().Kill();
        }
    }

    private sealed class Row
    {
        [VectorType(3, Side, Side)]
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = "";

        public static Row Create(int index)
        {
            var random = new Random(index);
            int label = index % 3;
            return new Row
            {
                Image =
                [
                    .. Enumerable.Range(0, 3 * Side * Side).Select(i => (float)(random.Next(150) + (i / (Side * Side) == label ? 100 : 0))),
                ],
                Label = $"class {label}",
            };
        }
    }
}
