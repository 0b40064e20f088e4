using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>What 10,000 images without labels add to 250 of CIFAR-10 with labels.</summary>
internal static class PseudoLabelGain
{
    private const int PerClass = 25,
        Unlabeled = 10_000,
        Updates = 1_300,
        Seeds = 2;

    /// <summary>Points of test accuracy more than with the labels alone, for as many updates; mean of two seeds.</summary>
    public static double? Measure()
    {
        ImageSet training = CifarView.Training,
            test = CifarView.Test;
        var gains = new List<double>();
        for (int seed = 1; seed <= Seeds; seed++)
        {
            int[] rows = [.. Enumerable.Range(0, training.Count)];
            new Random(seed).Shuffle(rows);
            int[] labeled = [.. rows.GroupBy(row => training.Labels[row]).SelectMany(group => group.Take(PerClass))];
            int[] others = [.. rows.Except(labeled).Take(Unlabeled)];
            double alone = Accuracy(training.Take(labeled), null, test, seed),
                both = Accuracy(training.Take(labeled), training.Take(others), test, seed);
            Console.WriteLine($"seed {seed}: labels alone {alone:F1} %, with images without labels {both:F1} %");
            gains.Add(both - alone);
        }
        return gains.Average();
    }

    private static double Accuracy(ImageSet labeled, ImageSet? unlabeled, ImageSet test, int seed)
    {
        var ml = new MLContext(seed);
        var settings = new PseudoLabeling();
        int batch = 64,
            steps = unlabeled is null ? (labeled.Count + batch - 1) / batch : unlabeled.Count / (batch * settings.Ratio);
        var options = new TrainNetworkOptions
        {
            Network = new ResNet9 { Width = 16 },
            Augmentation = Augment.Cifar(),
            BatchSize = batch,
            Epochs = Updates / steps,
            LearningRate = 2e-3f,
            WeightAveraging = new ExponentialMovingAverage(0.995f),
            UnlabeledSet = unlabeled is null ? null : CifarView.Of(ml, unlabeled),
        };
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(CifarView.Of(ml, labeled));
        return 100 * ml.MulticlassClassification.Evaluate(model.Transform(CifarView.Of(ml, test))).MicroAccuracy;
    }
}
