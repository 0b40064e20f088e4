using Microsoft.ML;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A training that goes on from its checkpoints, and logs.</summary>
/// <param name="name">The kind's name.</param>
/// <param name="features">The width of the network: with thousands, most of the time goes into checkpoints.</param>
/// <param name="epochs">The number of epochs, of three steps each.</param>
internal sealed class TrainKill(string name, int features, int epochs) : IKillKind
{
    public string Name => name;

    public string Work(KillPlace place)
    {
        MLContext ml = KillWork.Context(place);
        string checkpoints = Directory.CreateDirectory(place.At("checkpoints")).FullName;
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new KillWork.SmallNetwork { Features = features },
                    ImageColumnName = "ImagePath",
                    Epochs = epochs,
                    BatchSize = 8,
                    Threads = 1,
                    Seed = 1,
                    Precision = TrainingPrecision.Float32,
                    ResumeFrom = checkpoints,
                    Callbacks =
                    [
                        new CheckpointCallback(checkpoints) { EverySteps = 1, MaxToKeep = 2 },
                        new CsvLogCallback(place.At("log.csv")),
                        new TensorBoardCallback(place.At("board")),
                        new BestModelCallback(place.At("best.onnx")),
                    ],
                }
            )
            .Fit(KillWork.Photos(ml, place));
        int rows = File.ReadLines(place.At("log.csv")).Count() - 1;
        if (rows != epochs)
            throw new InvalidDataException($"log.csv has {rows} rows after {epochs} epochs.");
        return KillWork.Hash(model.Model.ToBytes());
    }

    public void Read(KillPlace place)
    {
        if (File.Exists(place.At("best.onnx")))
            _ = Onnx.OnnxGraph.Load(place.At("best.onnx"));
        if (Directory.Exists(place.At("checkpoints")))
            foreach (string file in Directory.GetFiles(place.At("checkpoints"), "*.ckpt"))
                _ = Training.Checkpoints.CheckpointFile.Read(file);
    }
}
