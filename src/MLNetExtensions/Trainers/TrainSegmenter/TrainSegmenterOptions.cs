using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Onnx.Networks.Segmentation;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>
/// Settings of training a semantic segmentation network. They are copied when the estimator is created and hold no state of a run. The label
/// column has the masks: paths or bytes of PNG and BMP files, with annotations that say their classes, as
/// <see cref="Microsoft.ML.MaskCatalog"/> makes them.
/// </summary>
public sealed class TrainSegmenterOptions : DenseTrainerOptions
{
    /// <summary>Creates options with the defaults: masks in <c>MaskPath</c>, predicted ones in <c>PredictedMask</c>.</summary>
    public TrainSegmenterOptions()
    {
        LabelColumnName = DefaultColumnNames.MaskPath;
        PredictedLabelColumnName = DefaultColumnNames.PredictedMask;
    }

    /// <summary>The layers behind the backbone.</summary>
    /// <value>The default is <see cref="SegmentationDecoder.FeaturePyramid"/>.</value>
    [CheckpointSetting]
    public SegmentationDecoder Decoder { get; set; }

    /// <summary>The channels of the decoder.</summary>
    /// <value>The default is 96.</value>
    [CheckpointSetting]
    public int HeadChannels { get; set; } = 96;

    /// <summary>The weight of cross-entropy in the loss.</summary>
    /// <value>The default is 1.</value>
    [CheckpointSetting]
    public float CrossEntropyWeight { get; set; } = 1;

    /// <summary>
    /// The focusing exponent of cross-entropy (focal loss, arXiv 1708.02002): pixels that are already right count less.
    /// </summary>
    /// <value>The default is 0: plain cross-entropy.</value>
    [CheckpointSetting]
    public float FocalGamma { get; set; }

    /// <summary>The weight of the Dice loss (arXiv 1606.04797), for classes of few pixels.</summary>
    /// <value>The default is 0.</value>
    [CheckpointSetting]
    public float DiceWeight { get; set; }

    /// <summary>The weight of the Lovasz-softmax loss (arXiv 1705.08790), which follows the IoU itself. It sorts all pixels in each step.</summary>
    /// <value>The default is 0.</value>
    [CheckpointSetting]
    public float LovaszWeight { get; set; }

    /// <summary>A weight for each class in cross-entropy, in the order of the masks' classes.</summary>
    /// <value>The default is null: equal weights.</value>
    [CheckpointSetting]
    public IReadOnlyList<float>? ClassWeights { get; set; }

    internal SegmentationLossTerms LossTerms() => new(CrossEntropyWeight, DiceWeight, LovaszWeight, FocalGamma, ClassWeights);

    internal TrainSegmenterOptions Clone()
    {
        var clone = (TrainSegmenterOptions)MemberwiseClone();
        clone.CopyLists();
        clone.ClassWeights = ClassWeights is null ? null : [.. ClassWeights];
        return clone;
    }

    /// <summary>Throws if settings are out of range or contradict each other; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(Enum.IsDefined(Decoder), nameof(Decoder), Decoder, string.Join(", ", Enum.GetNames<SegmentationDecoder>()));
        problems.Check(HeadChannels is >= 8 and <= 1024, nameof(HeadChannels), HeadChannels, "8 to 1024");
        problems.Check(
            Mixing?.All(way => way is null or Mosaic) != false,
            nameof(Mixing),
            string.Join(", ", Mixing?.Select(way => way?.GetType().Name) ?? []),
            "Mosaic alone: a pixel of a mask has one class, and masks name no objects to paste"
        );
        CheckWeight(CrossEntropyWeight, nameof(CrossEntropyWeight));
        CheckWeight(FocalGamma, nameof(FocalGamma));
        CheckWeight(DiceWeight, nameof(DiceWeight));
        CheckWeight(LovaszWeight, nameof(LovaszWeight));
        problems.Check(
            CrossEntropyWeight + DiceWeight + LovaszWeight > 0,
            nameof(CrossEntropyWeight),
            CrossEntropyWeight,
            "above 0 where DiceWeight and LovaszWeight are 0"
        );
        problems.Check(
            ClassWeights is null || ClassWeights.All(w => w >= 0 && float.IsFinite(w)) && ClassWeights.Any(w => w > 0),
            nameof(ClassWeights),
            "a negative weight, or none above 0",
            "positive numbers"
        );
        Check(problems);
        problems.Throw();

        void CheckWeight(float weight, string option) =>
            problems.Check(weight >= 0 && float.IsFinite(weight), option, weight, "at least 0");
    }
}
