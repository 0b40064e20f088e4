using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Trainers.Augmenting;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Settings that all trainers share, whatever a network finds in an image. They are copied when the estimator is created and hold no state of
/// a run.
/// </summary>
public abstract class TrainerOptions
{
    private protected TrainerOptions() { }

    /// <summary>The label column, of the type that <see cref="Task"/> requires.</summary>
    /// <value>The default is <c>Label</c>.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>
    /// The image column: an MLImage, the path of a file (text), the bytes of a file (vector of Byte), or pixels (vector of Single, as
    /// ExtractPixels makes it).
    /// </summary>
    /// <value>The default is <c>Image</c>.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public string ImageColumnName { get; set; } = DefaultColumnNames.Image;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public string? ImageFolder { get; set; }

    /// <summary>
    /// The output column with the most probable class or level, a key, or the labels that apply, a vector of Boolean. Not used for
    /// <see cref="ImageTask.Regression"/>.
    /// </summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    [NotInCheckpoint("says how the trained model is used, not how it is trained")]
    public string PredictedLabelColumnName { get; set; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The preprocessing that the network expects.</summary>
    /// <value>The default is null: see the trainer.</value>
    [CheckpointSetting(AsUsed = true)]
    public ImagePreprocessing? Preprocessing { get; set; }

    /// <summary>
    /// The random augmentation of training images, drawn anew in each epoch. Images of validation and scoring are not augmented.
    /// </summary>
    /// <value>The default is null: the augmentation that <see cref="AugmentationCatalog.AugmentImages"/> marked the image column with, or
    /// else none.</value>
    [CheckpointSetting]
    public Augmentation? Augmentation { get; set; }

    /// <summary>The batch size: the number of images in one step. A smaller set is one batch.</summary>
    [CheckpointSetting]
    [Choice(8, 16, 32, 64)]
    public int BatchSize { get; set; }

    /// <summary>The schedule of the learning rate.</summary>
    /// <value>The default is <see cref="OneCycleSchedule"/>.</value>
    [CheckpointSetting]
    public LearningRateSchedule Schedule { get; set; } = new OneCycleSchedule();

    /// <summary>
    /// The rule that lowers the rate of <see cref="Schedule"/> when the validation loss (without a validation set, the training loss) no
    /// longer falls.
    /// </summary>
    /// <value>The default is null: never.</value>
    [CheckpointSetting]
    public ReduceOnPlateau? ReduceOnPlateau { get; set; }

    /// <summary>The behavior of BatchNorm in the trained layers.</summary>
    [CheckpointSetting]
    public BatchNormMode BatchNorm { get; set; }

    /// <summary>The largest norm of all gradients together; if theirs is larger, all are scaled down to it.</summary>
    /// <value>The default is null: no clipping.</value>
    [CheckpointSetting]
    public float? ClipGradientNorm { get; set; }

    /// <summary>The largest magnitude of a gradient's element; larger ones are clipped, before <see cref="ClipGradientNorm"/>.</summary>
    /// <value>The default is null: no clipping.</value>
    [CheckpointSetting]
    public float? ClipGradientValue { get; set; }

    /// <summary>
    /// The number of steps whose gradients are summed for one update: a batch of that many times <see cref="BatchSize"/>, if memory cannot
    /// hold it at once.
    /// </summary>
    /// <value>The default is 1.</value>
    [CheckpointSetting]
    public int GradientAccumulation { get; set; } = 1;

    /// <summary>The strength of the L1 penalty on the sum of the weights' magnitudes.</summary>
    /// <value>The default is 0.</value>
    [CheckpointSetting]
    public float L1Regularization { get; set; }

    /// <summary>The strength of the L2 penalty on the sum of the weights' squares; prefer the optimizer's own weight decay.</summary>
    /// <value>The default is 0.</value>
    [CheckpointSetting]
    public float L2Regularization { get; set; }

    /// <summary>
    /// The average of the weights over the steps, used as the model's weights: <see cref="ExponentialMovingAverage"/> or
    /// <see cref="StochasticWeightAveraging"/>.
    /// </summary>
    /// <value>The default is null: the last weights.</value>
    [CheckpointSetting]
    public WeightAveraging? WeightAveraging { get; set; }

    /// <summary>The rows that measure each epoch, with the same columns as the training rows.</summary>
    /// <value>The default is null.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The fraction of the training rows (of each class, if there are classes) to hold out for measuring each epoch. Not with
    /// <see cref="ValidationSet"/>.
    /// </summary>
    /// <value>The default is 0: all rows are trained on.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public float ValidationFraction { get; set; }

    /// <summary>The rule that stops training before the last epoch. Needs a validation set or fraction.</summary>
    /// <value>The default is null: never.</value>
    [CheckpointSetting]
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>
    /// True to give the model the weights of the epoch with the smallest validation loss; false to give it the last epoch's.
    /// </summary>
    /// <value>The default is true.</value>
    [CheckpointSetting]
    public bool RestoreBestWeights { get; set; } = true;

    /// <summary>
    /// The callbacks to call during training: logs, checkpoints, your own rules. An object with the state of a run serves one run at a
    /// time.
    /// </summary>
    /// <value>The default is none.</value>
    [NotInCheckpoint("look on")]
    public IReadOnlyList<TrainingCallback> Callbacks { get; set; } = [];

    /// <summary>
    /// The checkpoint to resume from, exactly as the run that wrote it would have continued: its file, or a folder that
    /// <see cref="CheckpointCallback"/> wrote to, of which the newest is used (an empty folder starts from scratch). Data and settings must
    /// be those of that run; <c>Epochs</c> may be raised.
    /// </summary>
    /// <value>The default is null: training starts from scratch.</value>
    [NotInCheckpoint("names the checkpoint")]
    public string? ResumeFrom { get; set; }

    /// <summary>
    /// True to resume from the newest usable checkpoint, with a warning, if the newest in <see cref="ResumeFrom"/> cannot be used; false to
    /// throw an error.
    /// </summary>
    /// <value>The default is false.</value>
    [NotInCheckpoint("chooses the checkpoint")]
    public bool ResumeFromPrevious { get; set; }

    /// <summary>The largest number of unreadable images; they are skipped and listed in the result.</summary>
    /// <value>The default is 0: the first one is an error.</value>
    [NotInCheckpoint("the data themselves are compared: labels and numbers of rows")]
    public int MaxInvalidImages { get; set; }

    /// <summary>
    /// The memory limit, in bytes, for decoded images and features; more go to a temporary file, or to <see cref="CacheFolder"/>.
    /// </summary>
    /// <value>The default is 1 GiB.</value>
    [NotInCheckpoint("says where values are kept, not what they are")]
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>
    /// The folder that caches decoded images, and for
    /// <see cref="FineTuneCatalog.FineTune(MulticlassClassificationCatalog.MulticlassClassificationTrainers, FineTune.FineTuneOptions)"/>
    /// features, for later runs. Images are in one file per size and resizing, each with the SHA-256 of its encoded bytes as key, so that
    /// changed images are decoded again. Checksums find damaged entries, which are decoded again. Images beyond <see cref="MemoryBudget"/>
    /// are read from there instead of a temporary file. For columns of paths and of encoded bytes. The folder is created if missing, and
    /// may be deleted between runs. One process at a time uses a file; another process works without it, and warns.
    /// </summary>
    /// <value>The default is null: nothing is cached.</value>
    [NotInCheckpoint("says where values are kept, not what they are")]
    public string? CacheFolder { get; set; }

    /// <summary>The precision of matrix products and convolutions in training.</summary>
    /// <value>The default is <see cref="TrainingPrecision.Auto"/>.</value>
    [CheckpointSetting]
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Auto;

    /// <summary>The number of threads for training and for decoding.</summary>
    /// <value>The default is null: the number of cores.</value>
    [NotInCheckpoint("another machine may go on")]
    public int? Threads { get; set; }

    /// <summary>The seed of every random draw.</summary>
    /// <value>The default is null: drawn from MLContext's seed.</value>
    [CheckpointSetting(AsUsed = true)]
    public int? Seed { get; set; }

    /// <summary>Receives a report after every step.</summary>
    /// <value>The default is null.</value>
    [NotInCheckpoint("looks on")]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>
    /// Cancels training. Once epochs have run, Fit returns the best model so far; before that it throws
    /// <see cref="OperationCanceledException"/>. A long step of libtorch is broken off, also in its backward pass; a step of TensorFlow and a
    /// validation come to their end first.
    /// </summary>
    [NotInCheckpoint("ends the run, which can be resumed then")]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The training runtime.</summary>
    /// <value>The default is null: <see cref="TrainingRuntime.Default"/>.</value>
    [CheckpointSetting(AsUsed = true)]
    public ITrainingRuntime? Runtime { get; set; }

    /// <summary>The number of epochs that a sweep gives out; of a trainer with several phases, those of the last.</summary>
    internal abstract int EpochsToTrain { get; set; }

    /// <summary>
    /// Uses the augmentation that the image column is marked with (<see cref="AugmentationCatalog.AugmentImages"/>), if no augmentation is
    /// set.
    /// </summary>
    internal void TakeMark(DataViewSchema schema) => Augmentation ??= AugmentationMark.Of(schema[ImageColumnName]);

    /// <summary>Copies the lists of a shallow copy, so that they are its own.</summary>
    private protected virtual void CopyLists() => Callbacks = Callbacks is null ? null! : [.. Callbacks];

    /// <summary>The options of a session, but for what it trains, how and by which loss.</summary>
    /// <param name="context">Its GPU is used.</param>
    /// <param name="seed">The run's seed.</param>
    internal TrainingSessionOptions SessionOptions(MLContext context, int seed) =>
        new()
        {
            BatchNorm = BatchNorm,
            ClipGradientNorm = ClipGradientNorm,
            ClipGradientValue = ClipGradientValue,
            GradientAccumulation = GradientAccumulation,
            L1 = L1Regularization,
            L2 = L2Regularization,
            WeightAveraging = WeightAveraging,
            Precision = Precision,
            Threads = Threads,
            Seed = seed,
            CancellationToken = CancellationToken,
            GpuDeviceId = context.GpuDeviceId,
            FallbackToCpu = context.FallbackToCpu,
        };

    /// <summary>Makes the reader of a view's images and labels.</summary>
    /// <param name="data">The view.</param>
    /// <param name="decoder">Decodes its images.</param>
    /// <param name="invalidImages">The number of invalid images so far.</param>
    /// <param name="readsImage">Selects the rows whose images are read; null for all.</param>
    /// <param name="rowRead">Called for each row.</param>
    /// <param name="readsLabels">True to read the label column, of one label a row.</param>
    internal ImageRows Reader(
        IDataView data,
        ImageDecoder decoder,
        int invalidImages,
        Func<long, bool>? readsImage = null,
        Action<RowSlot>? rowRead = null,
        bool readsLabels = true
    ) =>
        new(
            data,
            decoder,
            new ImageRowsOptions
            {
                ReadsImage = readsImage,
                RowRead = rowRead,
                ImageColumnName = ImageColumnName,
                LabelColumnName = readsLabels ? LabelColumnName : null,
                ImageFolder = ImageFolder,
                MaxInvalidImages = MaxInvalidImages - invalidImages,
                Threads = Threads ?? Environment.ProcessorCount,
            }
        );

    /// <summary>Records settings that are out of range or contradictory.</summary>
    private protected virtual void Check(OptionProblems problems)
    {
        CheckName(LabelColumnName, nameof(LabelColumnName));
        CheckName(ImageColumnName, nameof(ImageColumnName));
        CheckName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        problems.Check(
            Schedule is not null,
            nameof(Schedule),
            Schedule,
            $"a schedule ({nameof(ConstantSchedule)} for the same rate throughout)"
        );
        Schedule?.Check(SettingChecks.Of(problems, nameof(Schedule), Schedule));
        ReduceOnPlateau?.Check(SettingChecks.Of(problems, nameof(ReduceOnPlateau), ReduceOnPlateau));
        WeightAveraging?.Check(SettingChecks.Of(problems, nameof(WeightAveraging), WeightAveraging));
        problems.Check(Enum.IsDefined(BatchNorm), nameof(BatchNorm), BatchNorm, "a mode");
        problems.Check(Enum.IsDefined(Precision), nameof(Precision), Precision, "a precision");
        problems.Check(
            ResumeFrom is null || !string.IsNullOrWhiteSpace(ResumeFrom),
            nameof(ResumeFrom),
            "empty",
            "a file or a folder, or null"
        );
        problems.Check(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        problems.Check(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "at least 0 and less than 1");
        problems.Check(MaxInvalidImages >= 0, nameof(MaxInvalidImages), MaxInvalidImages, "at least 0");
        problems.Check(MemoryBudget >= 0, nameof(MemoryBudget), MemoryBudget, "at least 0");
        problems.Check(CacheFolder is null || !string.IsNullOrWhiteSpace(CacheFolder), nameof(CacheFolder), "empty", "a folder, or null");
        problems.Check(Threads is null or >= 1, nameof(Threads), Threads, "at least 1");
        problems.Check(
            ClipGradientNorm is null || (ClipGradientNorm > 0 && float.IsFinite(ClipGradientNorm.Value)),
            nameof(ClipGradientNorm),
            ClipGradientNorm,
            "a positive number"
        );
        problems.Check(
            ClipGradientValue is null || (ClipGradientValue > 0 && float.IsFinite(ClipGradientValue.Value)),
            nameof(ClipGradientValue),
            ClipGradientValue,
            "a positive number"
        );
        problems.Check(GradientAccumulation >= 1, nameof(GradientAccumulation), GradientAccumulation, "at least 1");
        problems.Check(L1Regularization >= 0 && float.IsFinite(L1Regularization), nameof(L1Regularization), L1Regularization, "at least 0");
        problems.Check(L2Regularization >= 0 && float.IsFinite(L2Regularization), nameof(L2Regularization), L2Regularization, "at least 0");
        Augmentation?.Check(SettingChecks.Of(problems, nameof(Augmentation), Augmentation));
        problems.Check(
            ValidationSet is null || ValidationFraction == 0,
            nameof(ValidationFraction),
            ValidationFraction,
            "0 where ValidationSet is given"
        );
        problems.Check(
            EarlyStopping is null || ValidationSet is not null || ValidationFraction > 0,
            nameof(EarlyStopping),
            EarlyStopping,
            "null without ValidationSet and ValidationFraction"
        );
        problems.Check(EarlyStopping is null or { Patience: >= 1 }, nameof(EarlyStopping), EarlyStopping, "of a patience of at least 1");
        problems.Check(
            EarlyStopping is null or { MinimumDelta: >= 0 and < double.PositiveInfinity },
            nameof(EarlyStopping),
            EarlyStopping,
            "of a minimum delta of at least 0"
        );
        problems.Check(Callbacks is not null && Callbacks.All(c => c is not null), nameof(Callbacks), "a null", "callbacks");
        problems.Check(
            !ResumeFromPrevious || ResumeFrom is not null,
            nameof(ResumeFromPrevious),
            ResumeFromPrevious,
            "false without ResumeFrom"
        );

        void CheckName(string? name, string option) =>
            problems.Check(!string.IsNullOrWhiteSpace(name), option, name is null ? "null" : "empty", "the name of a column");
    }
}
