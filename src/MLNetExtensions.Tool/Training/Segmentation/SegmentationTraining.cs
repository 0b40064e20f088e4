using Microsoft.ML;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Trainers.TrainSegmenter;

namespace MLNetExtensions.Tool.Training.Segmentation;

/// <summary>Trains semantic segmentation networks.</summary>
/// <param name="values">The run's settings.</param>
internal sealed class SegmentationTraining(SettingValues values) : DenseTraining(values, VisionTask.Segment)
{
    protected override string Noun => "pixels";

    private TrainSegmenterOptions SegmenterOptions => (TrainSegmenterOptions)Options;

    public override ITrainedModel Fit(MLContext ml, ImageSet images) =>
        new TrainedSegmenter(
            ml.MulticlassClassification.Trainers.TrainSegmenter(SegmenterOptions).Fit(images.Train),
            SegmenterOptions,
            images.Train.Schema
        );

    protected override DenseTrainerOptions CreateOptions() => new TrainSegmenterOptions();

    protected override void Check(MLContext ml, ImageSet images)
    {
        SegmenterOptions.LabelColumnName = AnnotatedImages.MaskColumnOf(images.Train);
        _ = ml.MulticlassClassification.Trainers.TrainSegmenter(SegmenterOptions);
    }
}
