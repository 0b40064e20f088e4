using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Trainers.TrainNetwork;

/// <summary>
/// Settings of training a network from scratch. They are copied when the estimator is created and hold no state of a run.
/// </summary>
public sealed class TrainNetworkOptions : ImageTrainerOptions
{
    /// <summary>Creates options with the defaults: batches of 64, and BatchNorm in training mode.</summary>
    public TrainNetworkOptions()
    {
        BatchSize = 64;
        BatchNorm = BatchNormMode.Train;
    }

    /// <summary>
    /// The network: a ready-made one (<c>new ResNet9()</c>) or your own. It is built for the label's number of outputs, with random weights
    /// from the seed, for images of <see cref="ImageWidth"/> x <see cref="ImageHeight"/> and <see cref="Channels"/>. Either this or
    /// <see cref="CreateGraph"/> is required.
    /// </summary>
    [CheckpointSetting(AsUsed = true)]
    public Network? Network { get; set; }

    /// <summary>
    /// The width of the images that <see cref="Network"/> is built for. Not used if Preprocessing is given, which states it.
    /// </summary>
    /// <value>The default is 32.</value>
    [NotInCheckpoint("part of the network and its preprocessing, which are compared")]
    public int ImageWidth { get; set; } = 32;

    /// <summary>
    /// The height of the images that <see cref="Network"/> is built for. Not used if Preprocessing is given, which states it.
    /// </summary>
    /// <value>The default is 32.</value>
    [NotInCheckpoint("part of the network and its preprocessing, which are compared")]
    public int ImageHeight { get; set; } = 32;

    /// <summary>
    /// The channels of the images that <see cref="Network"/> is built for: <see cref="ImageChannelOrder.Gray"/> for digits or X-rays. Not
    /// used if Preprocessing is given, which states it.
    /// </summary>
    /// <value>The default is <see cref="ImageChannelOrder.Rgb"/>.</value>
    [NotInCheckpoint("part of the network and its preprocessing, which are compared")]
    public ImageChannelOrder Channels { get; set; } = ImageChannelOrder.Rgb;

    /// <summary>
    /// Creates a network for a number of outputs: from Float [batch, channels, height, width] of 1, 3 or 4 channels, normalized by
    /// Preprocessing, to the network's logits [batch, outputs], without softmax or sigmoid. The number of outputs is that of the classes or
    /// labels; 1 for <see cref="ImageTask.Regression"/>; one less than the levels for <see cref="ImageTask.Ordinal"/>.
    /// </summary>
    [NotInCheckpoint("the network that it makes is compared as Network")]
    public Func<int, OnnxGraph>? CreateGraph { get; set; }

    /// <summary>The number of epochs: passes over the training set.</summary>
    /// <value>The default is 10.</value>
    [NotInCheckpoint("may be raised")]
    public int Epochs { get; set; } = 10;

    /// <summary>The highest learning rate.</summary>
    /// <value>The default is 1e-3, for Adam and the like; SGD needs about 0.1.</value>
    [CheckpointSetting]
    [Range(1e-4f, 1e-1f, 1e-3f, logBase: true)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>The optimizer.</summary>
    /// <value>The default is AdamW with weight decay 0.05.</value>
    [CheckpointSetting]
    public Optimizer Optimizer { get; set; } = new AdamW { WeightDecay = 0.05f };

    /// <summary>Learning-rate and weight-decay multipliers by parameter name.</summary>
    /// <value>The default is null: no decay of norms and biases (<see cref="ParameterGroupPresets.NoWeightDecayOnBiasAndNorm"/>).</value>
    [CheckpointSetting]
    public IReadOnlyDictionary<string, ParameterGroup>? ParameterGroups { get; set; }

    /// <summary>
    /// Images without labels, in the image column, that the network learns from too: what it is sure of becomes their label for a step
    /// (<see cref="PseudoLabeling"/>). An epoch is then one pass over these. For <see cref="ImageTask.Classification"/> with its
    /// own loss.
    /// </summary>
    /// <value>The default is null: no others.</value>
    [NotInCheckpoint("rows, whose content is not compared")]
    public IDataView? UnlabeledSet { get; set; }

    /// <summary>The settings of learning from <see cref="UnlabeledSet"/>.</summary>
    /// <value>The default is null: those of <see cref="PseudoLabeling"/>.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public PseudoLabeling? PseudoLabeling { get; set; }

    /// <summary>
    /// Bounds what the trained weights disclose about any single image. Not together with mixed batches, class weights, weighted sampling, a
    /// teacher, a loss graph, accumulated gradients or 16-bit floats; networks with BatchNorm are refused.
    /// </summary>
    /// <value>The default is null: nothing is bounded.</value>
    [CheckpointSetting(OmitsDefault = true)]
    public DifferentialPrivacy? Privacy { get; set; }

    /// <summary>Makes these options, a copy, those of a run whose time is measured.</summary>
    internal void MeasureWith(EstimateRun run)
    {
        TrainOnly(run);
        (Progress, CacheFolder, Epochs) = (run, null, run.Steps);
    }

    /// <inheritdoc cref="ImageTrainerOptions.TestRates"/>
    internal RangeTest TestRates(LearningRateTestOptions? test) =>
        Privacy is null
            ? TestRates(test, TrainingPhase.Network)
            : throw new InvalidOperationException(
                $"{nameof(Privacy)} is given, and a learning rate that is found on the images discloses something of them. Find it on other images, without {nameof(Privacy)}."
            );

    internal override int EpochsToTrain
    {
        get => Epochs;
        set => Epochs = value;
    }

    internal TrainNetworkOptions Clone()
    {
        var clone = (TrainNetworkOptions)MemberwiseClone();
        clone.CopyLists();
        return clone;
    }

    /// <summary>Throws if settings are out of range or contradict each other; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Require(
            Network is not null || CreateGraph is not null,
            nameof(Network),
            "Choose one (new ResNet9()), or set CreateGraph."
        );
        problems.Check(Network is null || CreateGraph is null, nameof(CreateGraph), "given", "null where Network is given");
        problems.Check(ImageWidth is >= 1 and <= 8192, nameof(ImageWidth), ImageWidth, "1 to 8192");
        problems.Check(ImageHeight is >= 1 and <= 8192, nameof(ImageHeight), ImageHeight, "1 to 8192");
        problems.Check(Enum.IsDefined(Channels), nameof(Channels), Channels, string.Join(", ", Enum.GetNames<ImageChannelOrder>()));
        problems.Check(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        problems.Check(LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        problems.Check(Optimizer is not null, nameof(Optimizer), Optimizer, "an update rule");
        foreach ((string name, ParameterGroup scale) in ParameterGroups ?? new Dictionary<string, ParameterGroup>())
            problems.Check(
                scale.LearningRate >= 0
                    && float.IsFinite(scale.LearningRate)
                    && scale.WeightDecay >= 0
                    && float.IsFinite(scale.WeightDecay)
                    && scale.StartDecay >= 0
                    && float.IsFinite(scale.StartDecay)
                    && scale.FrozenUpdates >= 0,
                $"{nameof(ParameterGroups)}['{name}']",
                scale,
                "multipliers of at least 0"
            );
        Optimizer?.Check(SettingChecks.Of(problems, nameof(Optimizer), Optimizer));
        Check(problems);
        if (Privacy is not null)
            CheckPrivacy(Privacy, problems);
        problems.Check(
            PseudoLabeling is null || UnlabeledSet is not null,
            nameof(PseudoLabeling),
            "given",
            $"null without {nameof(UnlabeledSet)}"
        );
        if (UnlabeledSet is not null)
            CheckUnlabeled(problems);
        problems.Throw();
    }

    private void CheckUnlabeled(OptionProblems problems)
    {
        PseudoLabeling?.Check(problems, nameof(PseudoLabeling));
        const string without = $"none where {nameof(UnlabeledSet)} is given";
        problems.Check(
            Task == ImageTask.Classification && Loss is null or CrossEntropy,
            nameof(UnlabeledSet),
            "given",
            $"null for {Task} with {Loss?.GetType().Name ?? "its loss"}"
        );
        problems.Check(Privacy is null, nameof(Privacy), "given", without);
        problems.Check(BatchAugmentation is null, nameof(BatchAugmentation), BatchAugmentation?.GetType().Name, without);
        problems.Check(Distillation is null, nameof(Distillation), "given", without);
        problems.Check(
            !UseWeightedSampling,
            nameof(UseWeightedSampling),
            UseWeightedSampling,
            $"false where {nameof(UnlabeledSet)} is given"
        );
        problems.Check(
            GradientAccumulation == 1,
            nameof(GradientAccumulation),
            GradientAccumulation,
            $"1 where {nameof(UnlabeledSet)} is given"
        );
    }

    /// <summary>What depends on several images at once cannot be told by image.</summary>
    private void CheckPrivacy(DifferentialPrivacy privacy, OptionProblems problems)
    {
        privacy.Check(problems, nameof(Privacy));
        const string without = "none where Privacy is given";
        problems.Check(BatchAugmentation is null, nameof(BatchAugmentation), BatchAugmentation?.GetType().Name, without);
        problems.Check(Distillation is null, nameof(Distillation), "given", without);
        problems.Check(Loss is not OnnxLoss, nameof(Loss), nameof(OnnxLoss), without);
        problems.Check(ClassWeights is null, nameof(ClassWeights), "given", without);
        problems.Check(!BalanceClasses, nameof(BalanceClasses), BalanceClasses, "false where Privacy is given");
        problems.Check(!UseWeightedSampling, nameof(UseWeightedSampling), UseWeightedSampling, "false where Privacy is given");
        problems.Check(GradientAccumulation == 1, nameof(GradientAccumulation), GradientAccumulation, "1 where Privacy is given");
        problems.Check(
            Precision is TrainingPrecision.Auto or TrainingPrecision.Float32,
            nameof(Precision),
            Precision,
            "Float32 where Privacy is given"
        );
        problems.Check(
            ReduceOnPlateau is null || ValidationSet is not null || ValidationFraction > 0,
            nameof(ReduceOnPlateau),
            "given",
            "null without validation rows where Privacy is given"
        );
    }
}
