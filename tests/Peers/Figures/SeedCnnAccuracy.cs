using Cifar10;
using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// The seed's document as it stands: its CNN on CIFAR-10, Adam at 1e-3, batch 32, 10 epochs, images divided by 255; Keras reaches 67 %.
/// </summary>
internal static class SeedCnnAccuracy
{
    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        IDataView training = Read(ml, "train"),
            test = Read(ml, "test");
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new SeedCnn(),
                    Optimizer = new Adam(),
                    LearningRate = 1e-3f,
                    Schedule = new ConstantSchedule(),
                    BatchSize = 32,
                    Epochs = 10,
                    Preprocessing = new ImagePreprocessing
                    {
                        Width = 32,
                        Height = 32,
                        CropFraction = 1,
                        Mean = [0, 0, 0],
                        StandardDeviation = [1, 1, 1],
                    },
                    Callbacks = [new TrainingClock()],
                }
            )
            .Fit(training);
        return 100 * ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
    }

    private static IDataView Read(MLContext ml, string part) => ImageSet.Read(SharedData.PathOf("data", "cifar10", part)).ToView(ml);
}
