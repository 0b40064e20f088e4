using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>Settings of fine-tuning. They are copied when the estimator is made; no state of a run lives here.</summary>
public sealed class FineTuneOptions
{
    /// <summary>The pretrained network. Required.</summary>
    public Backbone? Backbone { get; set; }

    /// <summary>Which layers are trained beside the new head.</summary>
    /// <value>The default is <see cref="FineTuneLayers.Head"/>.</value>
    public FineTuneLayers Layers { get; set; } = FineTuneLayers.Head;

    /// <summary>The label column: a key, as MapValueToKey makes it.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The picture column: an MLImage, the path of a file (text), the bytes of a file (vector of Byte), or pixels (vector of Single, as ExtractPixels makes it).</summary>
    /// <value>The default is <c>Image</c>.</value>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>The output column with a probability for each class.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The output column with the most probable class, a key.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Replaces the backbone's own preprocessing.</summary>
    /// <value>The default is null: the backbone's.</value>
    public ImagePreprocessing? Preprocessing { get; set; }

    /// <summary>The number of passes over the training set with the layers of <see cref="Layers"/> in training. Passes over a frozen backbone's features take milliseconds.</summary>
    /// <value>The default is null: 60 for <see cref="FineTuneLayers.Head"/>, else 10.</value>
    public int? Epochs { get; set; }

    /// <summary>Where layers of the backbone are trained: the number of passes that train only the head before (arXiv 2202.10054: a random head spoils good features).</summary>
    /// <value>The default is 60; 0 starts from a random head.</value>
    public int HeadEpochs { get; set; } = 60;

    /// <summary>The number of pictures in one step. A set smaller than this is one batch.</summary>
    /// <value>The default is 16.</value>
    public int BatchSize { get; set; } = 16;

    /// <summary>The highest learning rate while layers of the backbone are trained; also the head's, where only it is trained.</summary>
    /// <value>The default is null: 4 / the number of features for <see cref="FineTuneLayers.Head"/>, else 3e-4.</value>
    public float? LearningRate { get; set; }

    /// <summary>Multiplies the learning rate of the backbone's parameters; the head's stays.</summary>
    /// <value>The default is 1.</value>
    public float BackboneLearningRateScale { get; set; } = 1;

    /// <summary>The update rule.</summary>
    /// <value>
    /// The default is null: SGD with Nesterov momentum and <see cref="HeadL2Regularization"/> for <see cref="FineTuneLayers.Head"/>, else AdamW with
    /// weight decay 0.05.
    /// </value>
    public Optimizer? Optimizer { get; set; }

    /// <summary>
    /// How much the head's own phase keeps its weights small: half of this times the sum of their squares is added to the losses of all training rows
    /// together (1 / C of scikit-learn's LogisticRegression, on standardised features). Not used where the head alone is trained by a given
    /// <see cref="Optimizer"/>.
    /// </summary>
    /// <value>The default is 50.</value>
    public float HeadL2Regularization { get; set; } = 50;

    /// <summary>How the learning rate moves over the steps.</summary>
    /// <value>The default is <see cref="OneCycleSchedule"/>.</value>
    public LearningRateSchedule Schedule { get; set; } = new OneCycleSchedule();

    /// <summary>The share of each target that is spread evenly over all classes, 0 to 1.</summary>
    /// <value>The default is 0.1.</value>
    public float LabelSmoothing { get; set; } = 0.1f;

    /// <summary>A weight for each class in the order of the label's keys.</summary>
    /// <value>The default is null: equal weights, or balanced ones with <see cref="BalanceClasses"/>.</value>
    public IReadOnlyList<float>? ClassWeights { get; set; }

    /// <summary>Whether each class weighs the same in total, however many rows it has.</summary>
    /// <value>The default is false.</value>
    public bool BalanceClasses { get; set; }

    /// <summary>The share of features that are dropped before the head in training steps.</summary>
    /// <value>The default is 0.2.</value>
    public float HeadDropout { get; set; } = 0.2f;

    /// <summary>How BatchNorm behaves in the trained layers.</summary>
    /// <value>The default is <see cref="BatchNormMode.Inference"/>: small sets spoil pretrained statistics.</value>
    public BatchNormMode BatchNorm { get; set; } = BatchNormMode.Inference;

    /// <summary>The largest norm of all gradients together.</summary>
    /// <value>The default is 1.</value>
    public float? ClipGradientNorm { get; set; } = 1;

    /// <summary>Rows to measure each epoch by, with the same columns as the training rows.</summary>
    /// <value>The default is null.</value>
    public IDataView? ValidationSet { get; set; }

    /// <summary>The share of the training rows, of each class, that is kept aside to measure each epoch by. Not with <see cref="ValidationSet"/>.</summary>
    /// <value>The default is 0: all rows are trained on.</value>
    public float ValidationFraction { get; set; }

    /// <summary>When to stop before the last epoch. Needs a validation set or fraction.</summary>
    /// <value>The default is null: never.</value>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>Whether the model gets the weights of the epoch with the smallest validation loss instead of the last epoch's.</summary>
    /// <value>The default is true.</value>
    public bool RestoreBestEpoch { get; set; } = true;

    /// <summary>The number of pictures that may be unreadable; they are left out and listed in the result.</summary>
    /// <value>The default is 0: the first one is an error.</value>
    public int MaxBadImages { get; set; }

    /// <summary>The most bytes of decoded pictures and features held in memory; more go to a temporary file.</summary>
    /// <value>The default is 1 GiB.</value>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The precision of matrix products and convolutions in training.</summary>
    /// <value>The default is <see cref="TrainingPrecision.Auto"/>.</value>
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Auto;

    /// <summary>The number of threads for training and for decoding.</summary>
    /// <value>The default is null: the number of cores.</value>
    public int? Threads { get; set; }

    /// <summary>The seed of every random draw.</summary>
    /// <value>The default is null: drawn from MLContext's seed.</value>
    public int? Seed { get; set; }

    /// <summary>Gets a report after every step.</summary>
    /// <value>The default is null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends training early. Once epochs run, Fit returns the best model so far; before that it throws <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The training runtime.</summary>
    /// <value>The default is null: <see cref="TrainingRuntime.Default"/>.</value>
    public ITrainingRuntime? Runtime { get; set; }

    internal int EpochsInUse => Epochs ?? (Layers.Groups == 0 ? 60 : 10);

    /// <summary>The rate while layers of the backbone are trained.</summary>
    internal float BackboneLearningRate => LearningRate ?? 3e-4f;

    internal FineTuneOptions Clone() => (FineTuneOptions)MemberwiseClone();

    /// <summary>Throws where a setting is out of range or two settings contradict each other.</summary>
    internal void Validate()
    {
        if (Backbone is null)
            throw new ArgumentException("Backbone is not set. Use Backbone.FromFile(\"backbone.onnx\") or Backbone.FromCatalog(name, cacheDirectory).", nameof(Backbone));
        Check(EpochsInUse >= 1, nameof(Epochs), EpochsInUse, "at least 1");
        Check(HeadEpochs >= 0, nameof(HeadEpochs), HeadEpochs, "at least 0");
        Check(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Check(LearningRate is null || (LearningRate > 0 && float.IsFinite(LearningRate.Value)), nameof(LearningRate), LearningRate, "a positive number");
        Check(HeadL2Regularization >= 0 && float.IsFinite(HeadL2Regularization), nameof(HeadL2Regularization), HeadL2Regularization, "at least 0");
        Check(BackboneLearningRateScale > 0 && float.IsFinite(BackboneLearningRateScale), nameof(BackboneLearningRateScale), BackboneLearningRateScale, "a positive number");
        Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "at least 0 and less than 1");
        Check(HeadDropout is >= 0 and < 1, nameof(HeadDropout), HeadDropout, "at least 0 and less than 1");
        Check(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "at least 0 and less than 1");
        Check(MaxBadImages >= 0, nameof(MaxBadImages), MaxBadImages, "at least 0");
        Check(MemoryBudget >= 0, nameof(MemoryBudget), MemoryBudget, "at least 0");
        Check(Threads is null or >= 1, nameof(Threads), Threads, "at least 1");
        Check(ClipGradientNorm is null or > 0, nameof(ClipGradientNorm), ClipGradientNorm, "a positive number");
        Check(ClassWeights is null || !BalanceClasses, nameof(BalanceClasses), BalanceClasses, "false where ClassWeights are given");
        Check(ClassWeights is null || ClassWeights.All(w => w > 0 && float.IsFinite(w)), nameof(ClassWeights), "a weight that is not positive", "positive numbers");
        Check(ValidationSet is null || ValidationFraction == 0, nameof(ValidationFraction), ValidationFraction, "0 where ValidationSet is given");
        Check(EarlyStopping is null || ValidationSet is not null || ValidationFraction > 0, nameof(EarlyStopping), EarlyStopping, "null without ValidationSet and ValidationFraction");

        static void Check(bool holds, string name, object? value, string expected)
        {
            if (!holds)
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
        }
    }
}
