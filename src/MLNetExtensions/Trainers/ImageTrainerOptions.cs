using Microsoft.ML.SearchSpace;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Settings that all trainers of networks for images share. They are copied when the estimator is created and hold no state of a run.
/// </summary>
public abstract class ImageTrainerOptions : TrainerOptions
{
    private protected ImageTrainerOptions() { }

    /// <summary>The prediction task of the network.</summary>
    /// <value>The default is <see cref="ImageTask.Classification"/>.</value>
    [CheckpointSetting]
    public ImageTask Task { get; set; }

    /// <summary>The output column with a probability for each class, level or label, or with the number.</summary>
    /// <value>The default is <c>Score</c>. A saved model for <see cref="ImageTask.Regression"/> with another name overwrites a column named
    /// Score.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>
    /// True if a saved model turns the files of a path column upright by their EXIF orientation, as this library does. The application that
    /// loads it then needs the small package MLNetExtensions.SavedSteps. False to save ML.NET's LoadImages, which needs no package and
    /// ignores EXIF; saving warns if images were turned.
    /// </summary>
    /// <value>The default is false. Not together with <see cref="ImageFolder"/>.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public bool UprightWhenSaved { get; set; }

    /// <summary>
    /// The views of an image whose scores are averaged when the trained network is used, here and in saved models. Epochs are measured by
    /// the center crop alone.
    /// </summary>
    /// <value>The default is null: the center crop.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public TestTimeAugmentation? TestTimeAugmentation { get; set; }

    /// <summary>Mixes the images of a training batch and their targets: <see cref="Mixup"/> or <see cref="CutMix"/>.</summary>
    /// <value>The default is null: nothing.</value>
    [CheckpointSetting]
    public BatchAugmentation? BatchAugmentation { get; set; }

    /// <summary>The loss to minimize: one of the library's, or your own as an ONNX graph (<see cref="OnnxLoss"/>).</summary>
    /// <value>
    /// The default is null: <see cref="CrossEntropy"/> with <see cref="LabelSmoothing"/>, <see cref="BinaryCrossEntropy"/>,
    /// <see cref="MeanSquaredError"/> (of labels standardized by the training rows) or <see cref="Ordinal"/>, depending on
    /// <see cref="Task"/>.
    /// </value>
    [CheckpointSetting(AsUsed = true)]
    public Loss? Loss { get; set; }

    /// <summary>
    /// A larger network to learn from, in addition to the labels. For <see cref="ImageTask.Classification"/> with its own loss.
    /// </summary>
    /// <value>The default is null.</value>
    [CheckpointSetting(AsUsed = true)]
    public KnowledgeDistillation? Distillation { get; set; }

    /// <summary>
    /// The label smoothing: the fraction of each target to spread evenly over all classes, 0 to 1. If <see cref="Loss"/> is given, its own
    /// smoothing is used.
    /// </summary>
    [NotInCheckpoint("part of the loss, which is compared")]
    [Range(0f, 0.2f)]
    public float LabelSmoothing { get; set; }

    /// <summary>A weight for each class in the order of the label's keys.</summary>
    /// <value>The default is null: equal weights, or balanced ones with <see cref="BalanceClasses"/>.</value>
    [NotInCheckpoint("part of the loss, which is compared")]
    public IReadOnlyList<float>? ClassWeights { get; set; }

    /// <summary>
    /// True to give each class the same total weight in the loss, however many rows it has. For <see cref="ImageTask.MultiLabel"/>, the
    /// rows with a label then weigh as much as those without it.
    /// </summary>
    /// <value>The default is false.</value>
    [NotInCheckpoint("part of the loss, which is compared")]
    public bool BalanceClasses { get; set; }

    /// <summary>
    /// True to draw the rows of an epoch with replacement, each class as often as any other; false to take each row once. An alternative to
    /// <see cref="BalanceClasses"/>: rare classes are seen more often, with other augmentations.
    /// </summary>
    /// <value>The default is false.</value>
    [CheckpointSetting]
    public bool UseWeightedSampling { get; set; }

    /// <summary>
    /// True to calibrate the probabilities of <see cref="ImageTask.Classification"/> after training (<see cref="TemperatureScaling"/>). The
    /// predicted classes do not change. The validation rows are used. Without any, if only a head is trained, training rows are used: a
    /// fifth of them at a time is predicted by a head trained on the others. That takes milliseconds. With more than 600 rows only one
    /// fifth is predicted, and training the head takes twice the time.
    /// </summary>
    /// <value>The default is null: on the training rows if only a head is trained, with <see cref="CrossEntropy"/>; else not at
    /// all.</value>
    [NotInCheckpoint("happens after training")]
    public bool? CalibrateProbabilities { get; set; }

    /// <summary>True if only a linear layer on fixed features is trained.</summary>
    private protected virtual bool TrainsHeadOnly => false;

    /// <summary>True if probabilities are calibrated on the training rows, with folds.</summary>
    internal bool CalibratesByFolds => TrainsHeadOnly && Task == ImageTask.Classification && CalibrateProbabilities != false;

    /// <summary>The test of learning rates that one phase is; null for training.</summary>
    internal RangeTest? RangeTest { get; private set; }

    private protected override void CopyLists()
    {
        base.CopyLists();
        ClassWeights = ClassWeights is null ? null : [.. ClassWeights];
    }

    private protected override void Check(OptionProblems problems)
    {
        base.Check(problems);
        LabeledTask task = LabeledTask.Of(Task);
        problems.Check(Enum.IsDefined(Task), nameof(Task), Task, "a task");
        problems.Check(
            !string.IsNullOrWhiteSpace(ScoreColumnName),
            nameof(ScoreColumnName),
            ScoreColumnName is null ? "null" : "empty",
            "the name of a column"
        );
        Loss?.Check(SettingChecks.Of(problems, nameof(Loss), Loss));
        problems.Check(
            Loss is null || task.Accepts(Loss),
            nameof(Loss),
            Loss?.GetType().Name,
            Loss is OnnxLoss ? $"a loss graph with Float targets for {Task}, whose labels are no classes" : $"a loss for {Task}"
        );
        problems.Check(Distillation?.Problem is null, nameof(Distillation), Distillation, Distillation?.Problem ?? "");
        problems.Check(
            Distillation is null || (Task == ImageTask.Classification && Loss is null or CrossEntropy),
            nameof(Distillation),
            "given",
            $"null for {Task} with {Loss?.GetType().Name ?? "its loss"}"
        );
        problems.Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "at least 0 and less than 1");
        problems.Check(
            ClassWeights is null || !BalanceClasses,
            nameof(BalanceClasses),
            BalanceClasses,
            "false where ClassWeights are given"
        );
        problems.Check(ClassWeights is null || Task == ImageTask.Classification, nameof(ClassWeights), "given", $"null for {Task}");
        problems.Check(
            ClassWeights is null || ClassWeights.All(w => w > 0 && float.IsFinite(w)),
            nameof(ClassWeights),
            "a weight that is not positive",
            "positive numbers"
        );
        problems.Check(
            !BalanceClasses || Task is ImageTask.Classification or ImageTask.MultiLabel,
            nameof(BalanceClasses),
            BalanceClasses,
            $"false for {Task}"
        );
        problems.Check(!UseWeightedSampling || task.HasClasses, nameof(UseWeightedSampling), UseWeightedSampling, $"false for {Task}");
        problems.Check(
            BatchAugmentation is null || Task != ImageTask.Ordinal,
            nameof(BatchAugmentation),
            BatchAugmentation?.GetType().Name,
            $"null for {Task}: levels do not mix"
        );
        problems.Check(
            BatchAugmentation is null || Loss is not OnnxLoss { TakesClasses: true },
            nameof(BatchAugmentation),
            BatchAugmentation?.GetType().Name,
            "null for a loss graph whose targets are classes, which do not mix: let it take Float [batch, classes]"
        );
        problems.Check(
            !BalanceClasses || Task != ImageTask.MultiLabel || Loss is not OnnxLoss,
            nameof(BalanceClasses),
            BalanceClasses,
            $"false for {Task} with a loss graph: rows have no class, so weight the labels in the graph"
        );
        BatchAugmentation?.Check(SettingChecks.Of(problems, nameof(BatchAugmentation), BatchAugmentation));
        problems.Check(
            CalibrateProbabilities != true || TrainsHeadOnly || ValidationSet is not null || ValidationFraction > 0,
            nameof(CalibrateProbabilities),
            true,
            "null or false without ValidationSet and ValidationFraction"
        );
        problems.Check(
            CalibrateProbabilities != true || Task == ImageTask.Classification,
            nameof(CalibrateProbabilities),
            true,
            $"false for {Task}"
        );
        problems.Check(
            ScoreColumnName != PredictedLabelColumnName || Task == ImageTask.Regression,
            nameof(PredictedLabelColumnName),
            PredictedLabelColumnName,
            "another name than ScoreColumnName"
        );
    }

    /// <summary>Makes these options, a copy, those of a test of learning rates.</summary>
    /// <param name="test">The test's settings; null for the defaults.</param>
    /// <param name="phase">The phase whose rates are tested.</param>
    private protected RangeTest TestRates(LearningRateTestOptions? test, TrainingPhase phase)
    {
        test ??= new LearningRateTestOptions();
        test.Validate();
        RangeTest = new RangeTest(test, phase);
        TrainOnly(RangeTest);
        WeightAveraging = null;
        return RangeTest;
    }

    /// <summary>Makes these options, a copy, those of a run whose model nobody wants: nothing is validated, kept or resumed.</summary>
    /// <param name="callback">The only callback.</param>
    private protected void TrainOnly(TrainingCallback callback)
    {
        Callbacks = [callback];
        (ValidationSet, ValidationFraction, EarlyStopping, ReduceOnPlateau) = (null, 0, null, null);
        (CalibrateProbabilities, ResumeFrom, ResumeFromPrevious, RestoreBestWeights) = (false, null, false, false);
    }
}
