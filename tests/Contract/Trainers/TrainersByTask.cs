using Microsoft.ML;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>The trainers of the catalog that a task belongs to, for tests that run several tasks.</summary>
internal static class TrainersByTask
{
    public static FineTuneEstimator FineTune(this MLContext ml, FineTuneOptions options) =>
        options.Task == ImageTask.Regression
            ? ml.Regression.Trainers.FineTune(options)
            : ml.MulticlassClassification.Trainers.FineTune(options);

    public static TrainNetworkEstimator TrainNetwork(this MLContext ml, TrainNetworkOptions options) =>
        options.Task == ImageTask.Regression
            ? ml.Regression.Trainers.TrainNetwork(options)
            : ml.MulticlassClassification.Trainers.TrainNetwork(options);
}
