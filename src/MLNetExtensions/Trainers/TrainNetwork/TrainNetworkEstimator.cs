using Microsoft.ML;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Trainers.TrainNetwork;

/// <summary>Trains a network for images from scratch: to predict a class, several labels at once, a number, or a level.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Task | Label | Score | PredictedLabel |
/// | -- | -- | -- | -- |
/// | Classification | Key | A probability for each class, with slot names | Key: the class of the highest score |
/// | MultiLabel | Vector of Boolean or Single | A probability for each label, with slot names | Vector of Boolean: above one half |
/// | Regression | Single | Single, in the label's unit | none |
/// | Ordinal | Key, its values in the order | A probability for each level, with slot names | Key: the level of the highest score |
///
/// The image column holds MLImages, file paths (text), encoded files (vector of Byte), or the pixels that ExtractPixels makes (vector of
/// Single). A row without a label is an error.
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification, multi-label classification, regression |
/// | Is normalization required? | No; labels of a regression are standardized inside |
/// | Is caching required? | No: images are decoded once and cached within MemoryBudget |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, MLNetExtensions.TorchSharp with libtorch, Microsoft.ML.OnnxRuntime |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// Images are decoded once; each epoch reads them in a new order with new augmentations, ahead of the training steps. See
/// `TrainNetworkOptions` for loss, optimizer, schedule, regularization, checkpoints and callbacks. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class TrainNetworkEstimator : IEstimator<TrainNetworkTransformer>
{
    private readonly MLContext _context;
    private readonly TrainNetworkOptions _options;

    internal TrainNetworkEstimator(MLContext context, TrainNetworkOptions options)
    {
        options = options.Clone();
        options.Validate();
        _context = context;
        _options = options;
    }

    /// <summary>
    /// Trains the network. Each call starts from scratch, or from the checkpoint of <see cref="TrainerOptions.ResumeFrom"/>.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label or the image column is missing or of another type.</exception>
    /// <exception cref="InvalidImageException">More images than <see cref="TrainerOptions.MaxInvalidImages"/> cannot be
    /// read.</exception>
    /// <exception cref="InvalidDataException">A row has no label.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, only one class, or no training runtime.</exception>
    /// <exception cref="OnnxFormatException">The network's input is not a batch of images, its shapes do not fit together, or its number of
    /// outputs is wrong.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public TrainNetworkTransformer Fit(IDataView input)
    {
        TrainNetworkOptions options = OptionsFor(input);
        TrainedNetwork trained = NetworkTrainer.Train(_context, options, input);
        using var decoder = new ImageDecoder(trained.Preprocessing);
        ImageColumn image = ImageColumn.Of(
            input.Schema,
            _options.ImageColumnName,
            decoder,
            _options.ImageFolder,
            _options.UprightWhenSaved
        );
        return new TrainNetworkTransformer(_context, trained, image, _options.ScoreColumnName);
    }

    /// <summary>
    /// Tests learning rates (a range test, arXiv 1506.01186): trains the network for some steps while the rate rises from
    /// tiny to huge, with the same batches, augmentation and optimizer as <see cref="Fit"/>, and tells at which rates the loss falls.
    /// What it trained is thrown away, and callbacks are not called.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <param name="options">The settings of the test; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or the label or the image column is missing or of another
    /// type.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateTestOptions? options = null)
    {
        TrainNetworkOptions tested = OptionsFor(input);
        RangeTest test = tested.TestRates(options);
        NetworkTrainer.Train(_context, tested, input);
        tested.CancellationToken.ThrowIfCancellationRequested();
        return test.ToCurve();
    }

    /// <summary>
    /// Tells what <see cref="Fit"/> will take, in time and memory: trains for a few steps on some of the rows, and throws away what it
    /// trained. Callbacks are not called.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <param name="steps">The number of steps to measure, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer steps than 3, or the label or the image column is missing or of another
    /// type.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public TrainingEstimate Estimate(IDataView input, int steps = 5)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 3);
        TrainNetworkOptions measured = OptionsFor(input);
        var run = new EstimateRun(steps);
        measured.MeasureWith(run);
        TrainingEstimate estimate = run.Measure(
            _context,
            input,
            _options.BatchSize,
            0,
            _ => _options.Epochs,
            rows => NetworkTrainer.Train(_context, measured, rows)
        );
        measured.CancellationToken.ThrowIfCancellationRequested();
        return estimate;
    }

    /// <summary>Checks the label and the image column and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or the image column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return LabeledTask.Of(_options.Task).AddColumns(inputSchema, _options);
    }

    /// <summary>A copy of the options for a run on rows whose columns are checked.</summary>
    private TrainNetworkOptions OptionsFor(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        TrainNetworkOptions options = _options.Clone();
        options.TakeMark(input.Schema);
        return options;
    }
}
