using FineTuneSample;
using Microsoft.ML;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Search;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.Peers.Figures;

/// <summary>How well sweeps keep to their time: small networks on drawn shapes, halved.</summary>
internal static class SweepBudget
{
    private static readonly int[] Seconds = [20, 40, 60];

    public static double? Overshoot()
    {
        using var shapes = new ShapeImages(perClass: 60, seed: 1);
        List<double> errors = [];
        foreach (int seconds in Seconds)
        {
            var ml = new MLContext(seed: 1);
            IDataView photos = ml.Data.LoadFromImageFolder(shapes.Folder);
            SearchSpace<TrainNetworkOptions> space = SearchSpace.FromAttributes(
                new TrainNetworkOptions
                {
                    Network = new ResNet9 { Width = 8 },
                    ImageColumnName = "ImagePath",
                    Epochs = 9,
                }
            );
            using SweepResult<TrainNetworkOptions> result = ml.MulticlassClassification.Sweep(
                photos,
                options =>
                    ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.TrainNetwork(options)),
                space,
                new SweepOptions
                {
                    TimeBudget = TimeSpan.FromSeconds(seconds),
                    Halving = new Halving { MinEpochs = 1 },
                }
            );
            errors.Add((result.Duration.TotalSeconds / seconds) - 1);
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{seconds} s: {result.Duration.TotalSeconds:F1} s, {result.Trials.Count} trials, {result.Trials.Count(trial => trial.State == SweepTrialState.Completed)} to the end, {result.MetricName} {result.Best.Value:F3}"
                )
            );
            Console.WriteLine(result);
        }
        return errors.Max();
    }
}
