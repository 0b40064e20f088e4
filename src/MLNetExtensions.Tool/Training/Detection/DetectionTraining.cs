using Microsoft.ML;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Trainers.TrainDetector;

namespace MLNetExtensions.Tool.Training.Detection;

/// <summary>Trains object detectors.</summary>
/// <param name="values">The run's settings.</param>
internal sealed class DetectionTraining(SettingValues values) : DenseTraining(values, VisionTask.Detect)
{
    protected override string Noun => "objects";

    private TrainDetectorOptions DetectorOptions => (TrainDetectorOptions)Options;

    public override ITrainedModel Fit(MLContext ml, ImageSet images) =>
        new TrainedDetector(
            ml.MulticlassClassification.Trainers.TrainDetector(DetectorOptions).Fit(images.Train),
            DetectorOptions,
            images.Train.Schema
        );

    protected override DenseTrainerOptions CreateOptions() =>
        new TrainDetectorOptions { ScoreThreshold = TrainSettings.DefaultScoreThreshold };

    protected override void Check(MLContext ml, ImageSet images) => _ = ml.MulticlassClassification.Trainers.TrainDetector(DetectorOptions);
}
