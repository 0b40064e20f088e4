using Microsoft.ML.SearchSpace;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>
/// Settings of trainers that say something about each place of an image: where objects are, or what each pixel shows. A backbone is cut at
/// its maps of features, and a new head is trained behind them.
/// </summary>
public abstract class DenseTrainerOptions : TrainerOptions
{
    private protected DenseTrainerOptions()
    {
        BatchSize = 16;
        BatchNorm = BatchNormMode.Train;
        ImageColumnName = MLNetExtensions.Data.Schema.DefaultColumnNames.ImagePath;
        WeightAveraging = new ExponentialMovingAverage(0.998f);
    }

    /// <summary>The pretrained network. Required.</summary>
    [CheckpointSetting(AsUsed = true)]
    public Backbone? Backbone { get; set; }

    /// <summary>The width that images are resized to for the network, a multiple of 32. Objects of a few pixels need a larger one.</summary>
    /// <value>The default is 320.</value>
    [NotInCheckpoint("part of the preprocessing, which is compared")]
    public int ImageWidth { get; set; } = 320;

    /// <summary>The height that images are resized to for the network, a multiple of 32.</summary>
    /// <value>The default is 320.</value>
    [NotInCheckpoint("part of the preprocessing, which is compared")]
    public int ImageHeight { get; set; } = 320;

    /// <summary>The number of epochs that train all layers: passes over the training set.</summary>
    /// <value>The default is 60.</value>
    [NotInCheckpoint("may be raised")]
    public int Epochs { get; set; } = 60;

    /// <summary>The number of epochs before them that train the head alone.</summary>
    /// <value>The default is 2.</value>
    [NotInCheckpoint("may be raised")]
    public int FreezeEpochs { get; set; } = 2;

    /// <summary>The highest learning rate of the head.</summary>
    /// <value>The default is 2e-3.</value>
    [CheckpointSetting]
    [Range(2e-4f, 2e-2f, 2e-3f, logBase: true)]
    public float LearningRate { get; set; } = 2e-3f;

    /// <summary>The learning-rate multiplier of the backbone's layers; 0 leaves them as they are.</summary>
    /// <value>The default is 0.25.</value>
    [CheckpointSetting]
    [Range(0.01f, 1f, 0.25f, logBase: true)]
    public float BackboneLearningRateMultiplier { get; set; } = 0.25f;

    /// <summary>The optimizer.</summary>
    /// <value>The default is AdamW with weight decay 0.05.</value>
    [CheckpointSetting]
    public Optimizer Optimizer { get; set; } = new AdamW { WeightDecay = 0.05f };

    /// <summary>
    /// The ways to make one training sample of several images, one after another, before <see cref="TrainerOptions.Augmentation"/>:
    /// <see cref="Mosaic"/>, and for objects <see cref="CopyPaste"/> and <see cref="BoxMixup"/>. They show more and other objects in each step,
    /// and pay in long runs on small sets.
    /// </summary>
    /// <value>The default is none.</value>
    [CheckpointSetting]
    public IReadOnlyList<SampleMixing> Mixing { get; set; } = [];

    /// <summary>The number of last epochs in which no images are mixed: the network ends with images as they are (YOLOX, arXiv 2107.08430).
    /// </summary>
    /// <value>The default is 10.</value>
    [CheckpointSetting]
    public int EpochsWithoutMixing { get; set; } = 10;

    /// <summary>
    /// The figure of the validation rows that chooses the epoch whose weights the model gets (<see cref="TrainerOptions.RestoreBestWeights"/>),
    /// and that <see cref="TrainerOptions.EarlyStopping"/> watches.
    /// </summary>
    /// <value>The default is <see cref="BestEpochMeasure.Metric"/>.</value>
    [CheckpointSetting]
    public BestEpochMeasure BestEpochBy { get; set; }

    internal override int EpochsToTrain
    {
        get => Epochs;
        set => Epochs = value;
    }

    /// <summary>The preprocessing of the network's input: the backbone's colors, and the whole image in the options' size.</summary>
    internal ImagePreprocessing NetworkPreprocessing() =>
        Preprocessing
        ?? Backbone!.Preprocessing with
        {
            Width = ImageWidth,
            Height = ImageHeight,
            CropFraction = 1,
            ResizeMode = ImageResizeMode.Pad,
        };

    private protected override void CopyLists()
    {
        base.CopyLists();
        Mixing = Mixing is null ? null! : [.. Mixing];
    }

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Require(
            Backbone is not null,
            nameof(Backbone),
            "Choose one, such as Backbone.FromPackage(...) or Backbone.FromFile(...)."
        );
        CheckSize(nameof(ImageWidth), Preprocessing?.Width ?? ImageWidth);
        CheckSize(nameof(ImageHeight), Preprocessing?.Height ?? ImageHeight);
        problems.Check(
            Preprocessing is null or { CropFraction: 1, ResizeMode: not ImageResizeMode.CropCenter },
            nameof(Preprocessing),
            "of a part of the image",
            "of the whole image: CropFraction 1, and ResizeMode Pad or Stretch"
        );
        problems.Check(Epochs >= 0, nameof(Epochs), Epochs, "at least 0");
        problems.Check(FreezeEpochs >= 0, nameof(FreezeEpochs), FreezeEpochs, "at least 0");
        problems.Check(Epochs + FreezeEpochs > 0, nameof(Epochs), Epochs, "at least 1 where FreezeEpochs is 0");
        problems.Check(LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        problems.Check(
            BackboneLearningRateMultiplier >= 0 && float.IsFinite(BackboneLearningRateMultiplier),
            nameof(BackboneLearningRateMultiplier),
            BackboneLearningRateMultiplier,
            "at least 0"
        );
        problems.Check(EpochsWithoutMixing >= 0, nameof(EpochsWithoutMixing), EpochsWithoutMixing, "at least 0");
        problems.Check(
            Mixing is not null && Mixing.All(way => way is not null),
            nameof(Mixing),
            "null, or has a null",
            "a list, empty for images by themselves"
        );
        foreach (SampleMixing way in Mixing ?? [])
            way?.Check(SettingChecks.Of(problems, nameof(Mixing), way));
        problems.Check(Enum.IsDefined(BestEpochBy), nameof(BestEpochBy), BestEpochBy, "Metric or Loss");
        problems.Check(Optimizer is not null, nameof(Optimizer), Optimizer, "an update rule");
        Optimizer?.Check(SettingChecks.Of(problems, nameof(Optimizer), Optimizer));

        void CheckSize(string option, int size) =>
            problems.Check(size is >= 64 and <= 8192 && size % 32 == 0, option, size, "a multiple of 32 from 64 to 8192");
    }
}
