using System.Globalization;
using Cifar10;
using Microsoft.ML;
using MLNetExtensions;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// How far the suggestion of a range test is from the best rate of a grid of half decades, by the validation loss of short one-cycle
/// trainings, on three tasks. The rules were chosen before, on other data.
/// </summary>
internal static class LearningRateFactor
{
    private const int Seeds = 2;

    private static readonly float[] Grid = [.. Enumerable.Range(0, 9).Select(i => MathF.Pow(10, -4 + i / 2f))];

    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        IDataView cifar = CifarView.Of(ml, CifarView.Draw(CifarView.Training, 2_000, seed: 1)),
            test = CifarView.Of(ml, CifarView.Draw(CifarView.Test, 1_000, seed: 1));
        IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "concrete_crack_200", "assets"));
        photos = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        DataSplit cracks = ml.Vision().Split(photos, 0.3);
        double[] factors =
        [
            Factor(ml, "CIFAR-10, SeedCnn, SGD", cifar, test, new SeedCnn(), new Sgd { Momentum = 0.9f }, 3),
            Factor(ml, "CIFAR-10, ResNet9, AdamW", cifar, test, new ResNet9 { Width = 8 }, new AdamW(), 3),
            Factor(
                ml,
                "cracks at 64 px, ResNet9, SGD",
                cracks.TrainSet,
                cracks.TestSet,
                new ResNet9 { Width = 8 },
                new Sgd { Momentum = 0.9f },
                12,
                64
            ),
        ];
        return factors.Max();
    }

    private static double Factor(
        MLContext ml,
        string name,
        IDataView training,
        IDataView test,
        Network network,
        Optimizer optimizer,
        int epochs,
        int side = 32
    )
    {
        var suggestions = new List<float>();
        double[] losses = new double[Grid.Length];
        for (int seed = 1; seed <= Seeds; seed++)
        {
            suggestions.Add(
                ml.MulticlassClassification.Trainers.TrainNetwork(Options(Grid[0])).FindLearningRate(training).Suggestion ?? float.NaN
            );
            for (int i = 0; i < Grid.Length; i++)
            {
                TrainNetworkOptions options = Options(Grid[i]);
                options.ValidationSet = test;
                losses[i] += Loss(options) / Seeds;
            }

            TrainNetworkOptions Options(float rate) =>
                new()
                {
                    Network = network,
                    Optimizer = optimizer,
                    LearningRate = rate,
                    Epochs = epochs,
                    BatchSize = side == 32 ? 32 : 16,
                    ImageWidth = side,
                    ImageHeight = side,
                    ImageColumnName = side == 32 ? "Image" : "ImagePath",
                    RestoreBestWeights = false,
                    Seed = seed,
                };
        }
        float best = Grid[Array.IndexOf(losses, losses.Min())];
        double factor = suggestions.Max(s => Math.Max(s / best, best / s));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: best {best:G2} (losses {Text(losses)}), suggested {Text(suggestions.Select(s => (double)s))}: factor {factor:F2}"
            )
        );
        return factor;

        double Loss(TrainNetworkOptions options)
        {
            try
            {
                using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(training);
                return model.Result.History.Epochs[^1].ValidationLoss is { } loss && double.IsFinite(loss) ? loss : double.PositiveInfinity;
            }
            catch (TrainingDivergedException)
            {
                return double.PositiveInfinity;
            }
        }

        static string Text(IEnumerable<double> values) =>
            string.Join(" ", values.Select(value => value.ToString("G3", CultureInfo.InvariantCulture)));
    }
}
