using Cifar10;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Estimators.TrainCnn;
using MLNetExtensions.Networks;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Peers.Figures;

/// <summary>The seed's document as it stands: its CNN on CIFAR-10, Adam at 1e-3, batch 32, 10 epochs, pictures divided by 255; Keras reaches 67 %.</summary>
internal static class SeedCnnAccuracy
{
    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        IDataView training = Read(ml, "train"), test = Read(ml, "test");
        IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Vision().TrainCnn(new TrainCnnOptions
        {
            Network = new SeedCnn(),
            Optimizer = new Adam(),
            LearningRate = 1e-3f,
            Schedule = new ConstantSchedule(),
            BatchSize = 32,
            Epochs = 10,
            Preprocessing = new ImagePreprocessing { Width = 32, Height = 32, CropPercentage = 1, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] },
            Progress = new EpochLines(),
        }));
        ITransformer model = pipeline.Fit(training);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        (model as IDisposable)?.Dispose();
        return 100 * metrics.MicroAccuracy;
    }

    private static IDataView Read(MLContext ml, string part)
    {
        PictureSet pictures = PictureSet.Read(SharedData.PathOf("data", "cifar10", part));
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, pictures.Count).Select(row => new Picture
        {
            Image = [.. pictures.Pixels.AsSpan(row * PictureSet.Size, PictureSet.Size).ToArray().Select(value => (float)value)],
            Label = PictureSet.Classes[pictures.Labels[row]],
        }));
    }

    private sealed class EpochLines : IProgress<TrainingProgress>
    {
        private int _printed;

        public void Report(TrainingProgress value)
        {
            if (value.LastEpoch is not { } epoch || epoch.Epoch == _printed)
                return;
            _printed = epoch.Epoch;
            Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F3} ({epoch.Duration.TotalSeconds:F1} s)");
        }
    }

    private sealed class Picture
    {
        [VectorType(3, 32, 32)]
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
