using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>Settings of training an object detector. They are copied when the estimator is created and hold no state of a run.</summary>
public sealed class TrainDetectorOptions : DenseTrainerOptions
{
    /// <summary>
    /// The column with the objects' boxes: left, top, right and bottom of each, in pixels of the upright image, in the order of the labels.
    /// </summary>
    /// <value>The default is <c>BoundingBoxes</c>.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public string BoundingBoxesColumnName { get; set; } = DefaultColumnNames.BoundingBoxes;

    /// <summary>The output column with the boxes that were found, as in <see cref="BoundingBoxesColumnName"/>.</summary>
    /// <value>The default is <c>PredictedBoundingBoxes</c>.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public string PredictedBoundingBoxesColumnName { get; set; } = DefaultColumnNames.PredictedBoundingBoxes;

    /// <summary>The output column with the scores of the objects that were found.</summary>
    /// <value>The default is <c>Score</c>.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>
    /// The raw outputs of a whole detector, one for each stride, finest first: then <see cref="DenseTrainerOptions.Backbone"/> is a detector whose
    /// head is in its graph, such as an ONNX export of YOLOv8, and its head is trained on, not a new one. Where the data have another number of
    /// classes, the convolutions of <see cref="DetectorOutput.Classes"/> begin anew.
    /// </summary>
    /// <value>The default is none: a backbone gets a new head.</value>
    [CheckpointSetting]
    public IReadOnlyList<DetectorOutput> HeadOutputs { get; set; } = [];

    /// <summary>The channels of the feature pyramid and of the towers that predict classes and boxes.</summary>
    /// <value>The default is 96.</value>
    [CheckpointSetting]
    public int HeadChannels { get; set; } = 96;

    /// <summary>
    /// The most objects of an image that are trained on. Of images with more, the largest are taken, and a warning says so. Memory and time of a
    /// step grow with the objects of the fullest image.
    /// </summary>
    /// <value>The default is 300.</value>
    [CheckpointSetting]
    public int MaxObjects { get; set; } = 300;

    /// <summary>
    /// The focusing exponent of the scores' loss (quality focal loss, arXiv 2006.04388): scores that are nearly right count less, which helps
    /// where background or a few classes are most of what is seen.
    /// </summary>
    /// <value>The default is 0: plain binary cross-entropy.</value>
    [CheckpointSetting]
    public float FocalGamma { get; set; }

    /// <summary>A weight for each class in the scores' loss, in the order of the label's keys: above 1 for classes that are rare.</summary>
    /// <value>The default is null: equal weights.</value>
    [CheckpointSetting]
    public IReadOnlyList<float>? ClassWeights { get; set; }

    /// <summary>The lowest score of an object that is found.</summary>
    /// <value>The default is 0.25. Average precision is measured with about 0.001.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public float ScoreThreshold { get; set; } = 0.25f;

    /// <summary>The intersection over union from which the weaker one of two boxes of a class is dropped.</summary>
    /// <value>The default is 0.5.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public float IouThreshold { get; set; } = 0.5f;

    /// <summary>The most objects of an image; the best are kept.</summary>
    /// <value>The default is 300.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public int MaxDetections { get; set; } = 300;

    internal TrainDetectorOptions Clone()
    {
        var clone = (TrainDetectorOptions)MemberwiseClone();
        clone.CopyLists();
        clone.HeadOutputs = HeadOutputs is null ? null! : [.. HeadOutputs];
        clone.ClassWeights = ClassWeights is null ? null : [.. ClassWeights];
        return clone;
    }

    /// <summary>Throws if settings are out of range or contradict each other; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(
            !string.IsNullOrWhiteSpace(BoundingBoxesColumnName),
            nameof(BoundingBoxesColumnName),
            BoundingBoxesColumnName,
            "the name of a column"
        );
        problems.Check(
            !string.IsNullOrWhiteSpace(PredictedBoundingBoxesColumnName),
            nameof(PredictedBoundingBoxesColumnName),
            PredictedBoundingBoxesColumnName,
            "the name of a column"
        );
        problems.Check(!string.IsNullOrWhiteSpace(ScoreColumnName), nameof(ScoreColumnName), ScoreColumnName, "the name of a column");
        problems.Check(HeadChannels is >= 8 and <= 1024, nameof(HeadChannels), HeadChannels, "8 to 1024");
        problems.Check(
            HeadOutputs?.All(output => output is { Classes.Length: > 0, Boxes.Length: > 0 }) == true,
            nameof(HeadOutputs),
            "null, or an output without names",
            "a list, empty for a backbone"
        );
        problems.Check(MaxObjects is >= 1 and <= 10_000, nameof(MaxObjects), MaxObjects, "1 to 10,000");
        problems.Check(FocalGamma >= 0 && float.IsFinite(FocalGamma), nameof(FocalGamma), FocalGamma, "at least 0");
        problems.Check(
            ClassWeights is null || ClassWeights.All(w => w >= 0 && float.IsFinite(w)) && ClassWeights.Any(w => w > 0),
            nameof(ClassWeights),
            "a negative weight, or none above 0",
            "positive numbers"
        );
        problems.Check(ScoreThreshold is > 0 and < 1, nameof(ScoreThreshold), ScoreThreshold, "between 0 and 1");
        problems.Check(IouThreshold is > 0 and <= 1, nameof(IouThreshold), IouThreshold, "above 0 and at most 1");
        problems.Check(MaxDetections is >= 1 and <= 10_000, nameof(MaxDetections), MaxDetections, "1 to 10,000");
        Check(problems);
        problems.Throw();
    }
}
