using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.Training;

/// <summary>
/// The options with which a runtime compiles and trains a graph. Trainable parameters, BatchNorm's mode and dropout are three separate
/// switches.
/// </summary>
internal sealed class TrainingSessionOptions
{
    /// <summary>The names of the initializers to train.</summary>
    /// <value>The default is null: every parameter of the graph.</value>
    public IReadOnlyCollection<string>? TrainableParameters { get; set; }

    /// <summary>Learning-rate and weight-decay multipliers by parameter name; parameters not named use 1 and 1.</summary>
    public IReadOnlyDictionary<string, ParameterGroup> ParameterGroups { get; set; } = new Dictionary<string, ParameterGroup>();

    /// <summary>The optimizer.</summary>
    /// <value>The default is SGD without momentum.</value>
    public Optimizer Optimizer { get; set; } = new Sgd();

    /// <summary>The loss on the first output.</summary>
    /// <value>The default is cross-entropy.</value>
    public Loss Loss { get; set; } = new CrossEntropy();

    /// <summary>The mode of BatchNorm: use the batch's statistics and update the running ones, or only use the running ones.</summary>
    /// <value>The default is <see cref="BatchNormMode.Train"/>.</value>
    public BatchNormMode BatchNorm { get; set; } = BatchNormMode.Train;

    /// <summary>True to let Dropout nodes drop values in training steps.</summary>
    /// <value>The default is true.</value>
    public bool Dropout { get; set; } = true;

    /// <summary>
    /// The number of steps whose gradients are summed for one update, for batches that memory cannot hold at once: the update is that of
    /// one batch of all their rows (BatchNorm still sees each step's rows alone). Steps in between do not change the parameters.
    /// </summary>
    /// <value>The default is 1: every step updates.</value>
    public int GradientAccumulation { get; set; } = 1;

    /// <summary>
    /// The strength of the L1 penalty on the sum of the parameters' magnitudes, part of the gradient but not of the loss that a step
    /// returns. A parameter's <see cref="ParameterGroup.WeightDecay"/> multiplies it.
    /// </summary>
    /// <value>The default is 0.</value>
    public float L1 { get; set; }

    /// <summary>
    /// The strength of the L2 penalty, on the sum of the parameters' squares. For SGD it is a weight decay of twice the strength; for other
    /// optimizers prefer theirs.
    /// </summary>
    /// <value>The default is 0.</value>
    public float L2 { get; set; }

    /// <summary>The largest magnitude of a gradient's element; larger ones are clipped, before <see cref="ClipGradientNorm"/>.</summary>
    /// <value>The default is null: no clipping.</value>
    public float? ClipGradientValue { get; set; }

    /// <summary>The largest norm of all gradients together; larger ones are scaled down.</summary>
    /// <value>The default is null: no clipping.</value>
    public float? ClipGradientNorm { get; set; }

    /// <summary>
    /// The average of the weights over the steps, used as the model's weights: <see cref="ITrainingSession.Predict"/> and
    /// <see cref="ITrainingSession.ReadWeights"/> use it, with BatchNorm's running statistics averaged too; training continues with the
    /// weights themselves.
    /// </summary>
    /// <value>The default is null: no averaging.</value>
    public WeightAveraging? WeightAveraging { get; set; }

    /// <summary>
    /// Clips the gradient of each example by itself and adds noise: a step is one of DP-SGD. BatchNorm must not be trained. The loss a step
    /// returns is the mean of the rows that count.
    /// </summary>
    /// <value>The default is null: no privacy.</value>
    public GradientPrivacy? Privacy { get; set; }

    /// <summary>
    /// Breaks a step off where the runtime can: between the operators of its forward pass. Such a step changes nothing and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <value>The default is none.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The precision of matrix products and convolutions.</summary>
    /// <value>The default is <see cref="TrainingPrecision.Auto"/>.</value>
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Auto;

    /// <summary>The number of threads.</summary>
    /// <value>The default is null: the number of physical cores.</value>
    public int? Threads { get; set; }

    /// <summary>
    /// True if a step is shorter than the time to wake a second thread. A runtime whose sessions have threads of their own then takes one,
    /// whatever <see cref="Threads"/> says.
    /// </summary>
    public bool IsSmall { get; set; }

    /// <summary>The seed of dropout.</summary>
    public int Seed { get; set; }

    /// <summary>The GPU to use, like MLContext.GpuDeviceId.</summary>
    /// <value>The default is null: the CPU.</value>
    public int? GpuDeviceId { get; set; }

    /// <summary>True to use the CPU if the requested GPU is not available, like MLContext.FallbackToCpu; false to throw an error.</summary>
    public bool FallbackToCpu { get; set; }
}
