using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// The share of training's time in which it waits for images, as every training result reports it; no other system is needed.
/// </summary>
internal static class DataWait
{
    private const int CifarRowsOfAClass = 500;

    /// <summary>
    /// The larger one of CIFAR-10 with the seed CNN, batch 128, and flowers at 224 px with ResNet-18, batch 16; both augmented.
    /// </summary>
    public static double? Fraction()
    {
        double cifar = Cifar(),
            flowers = Flowers();
        Console.WriteLine($"waiting for data: CIFAR-10 {cifar:P2} of the time, flowers at 224 px {flowers:P2}");
        return Math.Max(cifar, flowers);
    }

    private static double Cifar()
    {
        var ml = new MLContext(seed: 1);
        ImageSet training = ImageSet.Read(SharedData.PathOf("data", "cifar10", "train"));
        int[] rows =
        [
            .. Enumerable.Range(0, training.Count).GroupBy(row => training.Labels[row]).SelectMany(of => of.Take(CifarRowsOfAClass)),
        ];
        return Train(
            ml,
            training.Take(rows).ToView(ml),
            new TrainNetworkOptions
            {
                Network = new SeedCnn(),
                BatchSize = 128,
                Epochs = 3,
                Augmentation = Augment.Cifar(),
                ValidationFraction = 0.1f,
                Preprocessing = Whole(32),
            }
        );
    }

    private static double Flowers()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(SharedData.PathOf("data", "flowers"));
        return Train(
            ml,
            ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos),
            new TrainNetworkOptions
            {
                Network = new ResNet(18),
                BatchSize = 16,
                Epochs = 1,
                Augmentation = Augment.Standard(),
                ImageColumnName = "ImagePath",
                Preprocessing = new ImagePreprocessing { Width = 224, Height = 224 },
            }
        );
    }

    private static double Train(MLContext ml, IDataView data, TrainNetworkOptions options)
    {
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
        foreach (EpochResult epoch in model.Result.History.Epochs)
            Console.WriteLine(
                $"epoch {epoch.Epoch}: {epoch.Duration.TotalSeconds:F1} s, waited {epoch.DataWait.TotalMilliseconds:F0} ms, loss "
                    + $"{epoch.TrainLoss:F3}"
            );
        return model.Result.History.DataWaitFraction;
    }

    private static ImagePreprocessing Whole(int side) =>
        new()
        {
            Width = side,
            Height = side,
            CropFraction = 1,
        };
}
