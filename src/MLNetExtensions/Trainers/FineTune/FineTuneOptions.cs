using Microsoft.ML.SearchSpace;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>Settings of fine-tuning. They are copied when the estimator is created and hold no state of a run.</summary>
public sealed class FineTuneOptions : ImageTrainerOptions
{
    internal const int DefaultFreezeEpochs = 60;

    /// <summary>
    /// Creates options with the defaults: batches of 16, label smoothing 0.1, gradients clipped to a norm of 1, and BatchNorm in inference
    /// mode (small sets spoil pretrained statistics).
    /// </summary>
    public FineTuneOptions()
    {
        BatchSize = 16;
        LabelSmoothing = 0.1f;
        ClipGradientNorm = 1;
        BatchNorm = BatchNormMode.Inference;
    }

    /// <summary>The pretrained network. Required.</summary>
    [CheckpointSetting(AsUsed = true)]
    public Backbone? Backbone { get; set; }

    /// <summary>
    /// True to begin with the head of the model that <see cref="Backbone"/> is, to go on training it: classes of the same name keep what was
    /// learned of them, also where there are more classes than before or fewer. Only for classification, and for models that FineTune
    /// trained. A class without images is forgotten in time; keep some images of each.
    /// </summary>
    /// <value>The default is false: a new head.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public bool WarmStart { get; set; }

    /// <summary>The layers trained in addition to the new head.</summary>
    /// <value>The default is <see cref="FineTuneLayers.Head"/>.</value>
    [CheckpointSetting(AsUsed = true)]
    public FineTuneLayers TrainableLayers { get; set; } = FineTuneLayers.Head;

    /// <summary>
    /// The number of epochs that train the layers of <see cref="TrainableLayers"/>. Epochs over a frozen backbone's features take
    /// milliseconds.
    /// </summary>
    /// <value>
    /// The default is null: 60 for <see cref="FineTuneLayers.Head"/>, else 15. With more than 2,000 training rows fewer: as many as make
    /// 30,000 images in total, at least 3. It depends on the rows alone, not on the machine's speed, so that a run can be repeated
    /// elsewhere; the log shows the time left.
    /// </value>
    [NotInCheckpoint("may be raised")]
    public int? Epochs { get; set; }

    /// <summary>
    /// The number of epochs that train only the head, before layers of the backbone are trained too (arXiv 2202.10054: a random head spoils
    /// good features).
    /// </summary>
    /// <value>The default is 60; 0 starts from a random head.</value>
    [CheckpointSetting]
    public int FreezeEpochs { get; set; } = DefaultFreezeEpochs;

    /// <summary>
    /// The highest learning rate while layers of the backbone are trained; also that of the head if only the head is trained.
    /// </summary>
    /// <value>
    /// The default is null. For <see cref="FineTuneLayers.Head"/> 4 / the number of features, or less if their covariance and
    /// <see cref="HeadL2Regularization"/> require it. Else 2e-4, less for runs of under 100 steps and for small weights, and lowered if the
    /// loss still rises; with an <see cref="Optimizer"/> of your own, 2e-4. With <see cref="LowRankAdaptation"/> ten times as much.
    /// </value>
    [CheckpointSetting]
    [Range(1e-5f, 1e-2f, logBase: true)]
    public float? LearningRate { get; set; }

    /// <summary>The multiplier of the learning rate for the backbone's parameters; it does not affect the head.</summary>
    /// <value>The default is 1.</value>
    [CheckpointSetting]
    [Range(0.01f, 1f, 1f, logBase: true)]
    public float BackboneLearningRateMultiplier { get; set; } = 1;

    /// <summary>
    /// The multipliers of the learning rate by the depth of a backbone's layers, on top of
    /// <see cref="BackboneLearningRateMultiplier"/>: <see cref="LayerDecay"/> or <see cref="GeometricLayerRates"/>.
    /// </summary>
    /// <value>The default is null: all layers of the backbone have the same.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public LayerRates? LayerRates { get; set; }

    /// <summary>
    /// The number of epochs between two groups of layers that begin to be trained, from the last one to the first (gradual unfreezing, arXiv
    /// 1801.06146): the last group of <see cref="TrainableLayers"/> is trained from the first epoch on, the one before it so many epochs
    /// later. Groups are those of <see cref="FineTune.LayerRates"/>. A frozen group's BatchNorm statistics move with
    /// <see cref="BatchNormMode.Train"/>.
    /// </summary>
    /// <value>The default is 0: all layers are trained from the first epoch on.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public int UnfreezeEpochs { get; set; }

    /// <summary>
    /// The strength of the pull of the backbone's weights towards the pretrained ones (L2-SP, arXiv 1802.01483), in place of their weight
    /// decay: each update first moves a weight by the learning rate times this towards them. Biases and norms are free.
    /// </summary>
    /// <value>The default is 0: the optimizer's weight decay.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public float StartDecay { get; set; }

    /// <summary>
    /// The settings of low-rank adaptation (LoRA), which trains two small matrices for each of the backbone's trained weights instead of
    /// the weights themselves.
    /// </summary>
    /// <value>The default is null: the weights are trained.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public LowRankAdaptation? LowRankAdaptation { get; set; }

    /// <summary>
    /// The fraction of the pretrained weights in the model (WiSE-FT, arXiv 2109.01903): when training ends, backbone and head become the mean
    /// of what they were before layers of the backbone were trained, with this weight, and of what they are then. It makes a model more
    /// robust to images that are unlike the training images. Figures of the epochs are those of the trained weights.
    /// </summary>
    /// <value>The default is 0: the trained weights. The paper recommends 0.5.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public float PretrainedFraction { get; set; }

    /// <summary>The optimizer.</summary>
    /// <value>
    /// The default is null: SGD with Nesterov momentum and <see cref="HeadL2Regularization"/> for <see cref="FineTuneLayers.Head"/>, else
    /// AdamW with weight decay 0.05.
    /// </value>
    [CheckpointSetting]
    public Optimizer? Optimizer { get; set; }

    /// <summary>
    /// The L2 regularization of the head while only the head is trained: half of this times the sum of the squared weights is added to the
    /// sum of all training rows' losses (1 / C of scikit-learn's LogisticRegression, on standardized features). Not used if only the head
    /// is trained, with a given <see cref="Optimizer"/>.
    /// </summary>
    /// <value>The default is 50.</value>
    [CheckpointSetting]
    [Range(1f, 1000f, 50f, logBase: true)]
    public float HeadL2Regularization { get; set; } = 50;

    /// <summary>
    /// The number of augmented views of each image that run through frozen layers and are kept, if there is an Augmentation; epochs take
    /// the views in turn. Layers trained from the pixels on see a new view in every epoch.
    /// </summary>
    /// <value>The default is 4.</value>
    [CheckpointSetting(AsUsed = true)]
    public int AugmentedViews { get; set; } = 4;

    /// <summary>
    /// The memory limit, in bytes, for features that the MLContext keeps for later fits. If the network up to its features and an image's
    /// pixels (of each augmented view) are the same, the network is not run again. A row takes four bytes per feature plus 160; features of
    /// the network used last are kept longest. With <see cref="TrainerOptions.CacheFolder"/> a file also keeps all features for later
    /// processes. Not used for <see cref="FineTuneLayers.LastStages"/>, whose layers start from more than features.
    /// </summary>
    /// <value>The default is 64 MiB: 12,000 images with 1,280 features. 0 keeps none.</value>
    [NotInCheckpoint("says where values are kept, not what they are")]
    public long FeatureMemory { get; set; } = 64L << 20;

    /// <summary>The fraction of features to drop before the head in training steps.</summary>
    /// <value>The default is 0.2.</value>
    [CheckpointSetting]
    [Range(0f, 0.5f, 0.2f)]
    public float HeadDropout { get; set; } = 0.2f;

    internal override int EpochsToTrain
    {
        get => Epochs ?? (TrainsHeadOnly ? DefaultFreezeEpochs : BackboneEpochs(rows: 0));
        set => Epochs = value;
    }

    private protected override bool TrainsHeadOnly => TrainableLayers.Stages == 0;

    /// <summary>The number of epochs while layers of the backbone are trained.</summary>
    internal int BackboneEpochs(int rows) => Epochs ?? Math.Clamp(30_000 / Math.Max(1, rows), 3, 15);

    /// <summary>The rate while layers of the backbone are trained.</summary>
    /// <param name="steps">The number of steps in all: few do not make up for what large ones spoil at first.</param>
    internal float BackboneLearningRate(int steps) =>
        LearningRate ?? (LowRankAdaptation is null ? 2e-4f : 2e-3f) * (Optimizer is null ? Math.Clamp(steps / 100f, 0.1f, 1) : 1);

    /// <summary>The number of epochs that train the head alone.</summary>
    internal int HeadEpochs => TrainsHeadOnly ? Epochs ?? DefaultFreezeEpochs : FreezeEpochs;

    /// <summary>Makes these options, a copy, those of a run whose time is measured.</summary>
    internal void MeasureWith(EstimateRun run)
    {
        TrainOnly(run);
        (Progress, CacheFolder, FeatureMemory) = (run, null, 0);
        Epochs = TrainsHeadOnly ? 3 : run.Steps;
        FreezeEpochs = Math.Min(FreezeEpochs, 3);
    }

    /// <inheritdoc cref="ImageTrainerOptions.TestRates"/>
    internal RangeTest TestRates(LearningRateTestOptions? test) =>
        TestRates(test, TrainsHeadOnly ? TrainingPhase.Head : TrainingPhase.Backbone);

    internal FineTuneOptions Clone()
    {
        var clone = (FineTuneOptions)MemberwiseClone();
        clone.CopyLists();
        return clone;
    }

    /// <summary>Throws if settings are out of range or contradict each other; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Require(
            Backbone is not null,
            nameof(Backbone),
            "Use Backbone.FromFile(\"backbone.onnx\") or Backbone.FromCatalog(name, cacheFolder)."
        );
        problems.Check(Epochs is null or >= 1, nameof(Epochs), Epochs, "at least 1");
        problems.Check(FreezeEpochs >= 0, nameof(FreezeEpochs), FreezeEpochs, "at least 0");
        problems.Check(
            LearningRate is null || (LearningRate > 0 && float.IsFinite(LearningRate.Value)),
            nameof(LearningRate),
            LearningRate,
            "a positive number"
        );
        problems.Check(
            HeadL2Regularization >= 0 && float.IsFinite(HeadL2Regularization),
            nameof(HeadL2Regularization),
            HeadL2Regularization,
            "at least 0"
        );
        problems.Check(
            BackboneLearningRateMultiplier > 0 && float.IsFinite(BackboneLearningRateMultiplier),
            nameof(BackboneLearningRateMultiplier),
            BackboneLearningRateMultiplier,
            "a positive number"
        );
        LayerRates?.Check(SettingChecks.Of(problems, nameof(LayerRates), LayerRates));
        problems.Check(StartDecay >= 0 && float.IsFinite(StartDecay), nameof(StartDecay), StartDecay, "at least 0");
        LowRankAdaptation?.Check(SettingChecks.Of(problems, nameof(LowRankAdaptation), LowRankAdaptation));
        problems.Check(
            !WarmStart || Task == ImageTask.Classification,
            nameof(WarmStart),
            WarmStart,
            $"false for {nameof(ImageTask)}.{Task}"
        );
        problems.Check(UnfreezeEpochs >= 0, nameof(UnfreezeEpochs), UnfreezeEpochs, "at least 0");
        problems.Check(PretrainedFraction is >= 0 and < 1, nameof(PretrainedFraction), PretrainedFraction, "at least 0 and less than 1");
        problems.Check(
            LowRankAdaptation is null || !TrainsHeadOnly,
            nameof(LowRankAdaptation),
            "given",
            $"null where only the head is trained; set {nameof(TrainableLayers)} to the layers to adapt"
        );
        problems.Check(
            LowRankAdaptation is null || StartDecay == 0,
            nameof(StartDecay),
            StartDecay,
            $"0 with {nameof(LowRankAdaptation)}, which keeps the pretrained weights"
        );
        problems.Check(HeadDropout is >= 0 and < 1, nameof(HeadDropout), HeadDropout, "at least 0 and less than 1");
        problems.Check(FeatureMemory >= 0, nameof(FeatureMemory), FeatureMemory, "at least 0");
        problems.Check(AugmentedViews >= 1, nameof(AugmentedViews), AugmentedViews, "at least 1");
        problems.Check(
            Distillation is null || TrainableLayers.Stages == int.MaxValue,
            nameof(Distillation),
            "given",
            "null where layers are frozen: the teacher must see the images that the trained layers see"
        );
        problems.Check(
            BatchAugmentation is null || TrainableLayers.Stages == int.MaxValue,
            nameof(BatchAugmentation),
            BatchAugmentation?.GetType().Name,
            "null where layers are frozen: features do not mix"
        );
        Optimizer?.Check(SettingChecks.Of(problems, nameof(Optimizer), Optimizer));
        Check(problems);
        problems.Throw();
    }
}
