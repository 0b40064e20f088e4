using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Training;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Tool.Compressing;

/// <summary>Prunes a network, and trains what is left.</summary>
internal static class PruneJob
{
    public static void Run(
        string file,
        string? data,
        RunFolder? run,
        double keep,
        int? epochs,
        string output,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext(1);
        IDataView train = LabeledImages.ToTrain(ml, data, run),
            keyed = CompressJob.Keyed(ml, train, train);
        Backbone network = Backbone.FromGraph(ModelFiles.ReadNetwork(file));
        CompressedModel pruned = ml.Vision()
            .Prune(network, new PruneOptions { TargetMacsFraction = keep, CancellationToken = cancellation });
        terminal.Out.WriteLine(pruned.Report);
        if (epochs == 0)
        {
            pruned.Model.Save(output);
            terminal.Out.WriteLine($"Pruned: {output}");
            return;
        }
        Libtorch.Locate();
        using FineTuneTransformer trained = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromGraph(pruned.Model),
                    ImageColumnName = ImageFiles.ImageColumnOf(train),
                    TrainableLayers = FineTuneLayers.All,
                    Epochs = epochs,
                    CancellationToken = cancellation,
                }
            )
            .Fit(keyed);
        trained.ExportOnnx(output);
        if (run is not null && File.Exists(run.TestList))
        {
            IDataView test = CompressJob.Keyed(ml, train, LabeledImages.ToMeasure(ml, null, run));
            ClassificationReport report = ml.Vision().Report(trained.Transform(test));
            terminal.Out.WriteLine($"Accuracy after training on: {report.Accuracy:P1} on {report.Count} images held out");
        }
        terminal.Out.WriteLine($"Pruned: {output}");
    }
}
