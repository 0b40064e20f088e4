using Microsoft.ML;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Training.RateTests;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>Fine-tunes a pretrained ONNX network for images: trains a new head, and as many of the network's layers as requested.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Input column | Type | Description |
/// | -- | -- | -- |
/// | Label | Key | The class, as MapValueToKey makes it. A row without one is an error. |
/// | Image | MLImage | An image. |
/// | | text | The path of an image file. |
/// | | vector of Byte | The bytes of an image file. |
/// | | vector of Single | Pixels, as ExtractPixels makes them of a canvas of the backbone's size. |
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | Score | Known-sized vector of Single | A probability for each class, in the order of the label's keys. Its slot names are the classes. |
/// | PredictedLabel | Key | The class of the highest score, with the label's key values. |
///
/// These are the columns of the default task, classification; `Task` also offers several labels at once, a number, or a level, with the
/// columns that `TrainNetworkEstimator` lists.
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification, multi-label classification, regression |
/// | Is normalization required? | No |
/// | Is caching required? | No: decoded images and features are cached within MemoryBudget |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, MLNetExtensions.TorchSharp with libtorch, Microsoft.ML.OnnxRuntime |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// The backbone is cut where its classifier begins. It runs once over all images in ONNX Runtime, and a new linear head is trained on the
/// features (linear probing). If layers of the backbone are trained as well, they start with that head ([arXiv
/// 2202.10054](https://arxiv.org/abs/2202.10054)), while the layers before them are not run again. The loss is cross-entropy with label
/// smoothing; see `FineTuneOptions` for optimizer and schedule. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class FineTuneEstimator : IEstimator<FineTuneTransformer>
{
    private readonly MLContext _context;
    private readonly FineTuneOptions _options;

    internal FineTuneEstimator(MLContext context, FineTuneOptions options)
    {
        options = options.Clone();
        options.Validate();
        _context = context;
        _options = options;
    }

    /// <summary>Trains the network. Each call starts from scratch.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label or the image column is missing or of another type.</exception>
    /// <exception cref="InvalidImageException">More images than <see cref="TrainerOptions.MaxInvalidImages"/> cannot be
    /// read.</exception>
    /// <exception cref="InvalidDataException">A row has no label.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, only one class, or no training runtime.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public FineTuneTransformer Fit(IDataView input)
    {
        FineTuneOptions options = OptionsFor(input);
        ImageColumn image;
        using (var decoder = new ImageDecoder(_options.Preprocessing ?? _options.Backbone!.Preprocessing))
            image = ImageColumn.Of(input.Schema, _options.ImageColumnName, decoder, _options.ImageFolder, _options.UprightWhenSaved);
        return new FineTuneTransformer(_context, FineTuneTrainer.Train(_context, options, input), image, _options.ScoreColumnName);
    }

    /// <summary>
    /// Tests learning rates (a range test, arXiv 1506.01186): trains what <see cref="FineTuneOptions.TrainableLayers"/> names for some steps while the rate rises from
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
        FineTuneOptions tested = OptionsFor(input);
        RangeTest test = tested.TestRates(options);
        FineTuneTrainer.Train(_context, tested, input);
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
        FineTuneOptions measured = OptionsFor(input);
        var run = new EstimateRun(steps);
        measured.MeasureWith(run);
        TrainingEstimate estimate = run.Measure(
            _context,
            input,
            _options.BatchSize,
            _options.HeadEpochs,
            rows => _options.TrainableLayers.Stages == 0 ? 0 : _options.BackboneEpochs(rows),
            rows => FineTuneTrainer.Train(_context, measured, rows)
        );
        measured.CancellationToken.ThrowIfCancellationRequested();
        return estimate;
    }

    /// <summary>Checks the label and the image column and adds the score and the predicted label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or the image column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return LabeledTask.Of(_options.Task).AddColumns(inputSchema, _options);
    }

    /// <summary>A copy of the options for a run on rows whose columns are checked.</summary>
    private FineTuneOptions OptionsFor(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        FineTuneOptions options = _options.Clone();
        options.TakeMark(input.Schema);
        return options;
    }
}
