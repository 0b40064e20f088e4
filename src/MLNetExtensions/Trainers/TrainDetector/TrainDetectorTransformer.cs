using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>
/// A trained object detector. Adds the labels, boxes and scores of the objects that it finds, best first. <c>ml.Vision().ReportDetection</c>
/// measures it.
/// </summary>
/// <remarks>
/// Thread-safe; a <see cref="DataViewRowCursor"/> or a PredictionEngine is not. It holds native memory: dispose it when its views are read. A
/// PredictionEngine disposes the transformer that it was made from.
/// </remarks>
public sealed class TrainDetectorTransformer : ITransformer, IDisposable
{
    private readonly MLContext _context;
    private readonly TrainDetectorOptions _options;
    private readonly DataViewSchema _schema;
    private readonly ScoreOnnxTransformer _scoring;

    internal TrainDetectorTransformer(
        MLContext context,
        TrainDetectorOptions options,
        DataViewSchema schema,
        OnnxGraph model,
        IReadOnlyList<string> classes,
        TrainingResult result
    )
    {
        (_context, _options, _schema, Model, Classes, Result) = (context, options, schema, model, classes, result);
        _scoring = new ScoreOnnxEstimator(context, Scoring()).Fit(new EmptyView(schema));
    }

    /// <summary>
    /// The model: from the pixels of the resized image, Float [batch, 3, height, width] of 0 to 255, to Float [batch, 4 + classes, anchors] as
    /// YOLOv8 has it: center, width and height of boxes in the network's pixels, and the classes' scores.
    /// </summary>
    public OnnxGraph Model { get; }

    /// <summary>The names of the classes, in the order of the model's scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The result of the training run.</summary>
    public TrainingResult Result { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>
    /// Creates the same transformer with another model inside, such as <see cref="Model"/> quantized: it scores and saves that model. This one
    /// is not changed; dispose both.
    /// </summary>
    /// <param name="model">A model with the same input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">Its input or output differs.</exception>
    public TrainDetectorTransformer WithModel(OnnxGraph model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TrainDetectorTransformer(_context, _options, _schema, model, Classes, Result);
    }

    /// <summary>The schema with the output columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _scoring.GetOutputSchema(inputSchema);

    /// <summary>Adds the output columns. Nothing is computed before a cursor asks for one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => _scoring.Transform(input);

    /// <summary>Creates the mapper that PredictionEngine uses, one row at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _scoring.GetRowToRowMapper(inputSchema);

    /// <inheritdoc cref="ScoreOnnxTransformer.ExportOnnx"/>
    public void ExportOnnx(string path, OnnxExportOptions? options = null) => _scoring.ExportOnnx(path, options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_scoring).Save(ctx);

    /// <summary>Frees the model. Views of this transformer cannot be read any more.</summary>
    public void Dispose() => _scoring.Dispose();

    private ScoreOnnxOptions Scoring()
    {
        ImagePreprocessing preprocessing = _options.NetworkPreprocessing();
        return new ScoreOnnxOptions
        {
            Model = Model,
            Inputs =
            [
                new OnnxInput
                {
                    ColumnName = _options.ImageColumnName,
                    ImageFolder = _options.ImageFolder,
                    // The model normalizes, and puts the channels in their order.
                    Preprocessing = preprocessing with
                    {
                        Scale = 1,
                        Mean = [.. preprocessing.Mean.Select(_ => 0f)],
                        StandardDeviation = [.. preprocessing.StandardDeviation.Select(_ => 1f)],
                        Channels = preprocessing.Channels == ImageChannelOrder.Bgr ? ImageChannelOrder.Rgb : preprocessing.Channels,
                        ChannelsLast = false,
                    },
                },
            ],
            Decoding = new YoloDecoding
            {
                Layout = YoloLayout.ValuesFirst,
                Labels = Classes,
                ScoreThreshold = _options.ScoreThreshold,
                IouThreshold = _options.IouThreshold,
                MaxDetections = _options.MaxDetections,
                BoundingBoxesColumnName = _options.PredictedBoundingBoxesColumnName,
                ScoreColumnName = _options.ScoreColumnName,
                PredictedLabelColumnName = _options.PredictedLabelColumnName,
            },
        };
    }
}
