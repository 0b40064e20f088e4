using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>A trained network that says something about each place of an image, with its decoding.</summary>
/// <remarks>
/// Thread-safe; a <see cref="DataViewRowCursor"/> or a PredictionEngine is not. It holds native memory: dispose it when its views are read. A
/// PredictionEngine disposes the transformer that it was made from.
/// </remarks>
public abstract class DenseTransformer : ITransformer, IDisposable
{
    private readonly ScoreOnnxTransformer _scoring;

    private protected DenseTransformer(
        MLContext context,
        DenseTrainerOptions options,
        DataViewSchema schema,
        OnnxGraph model,
        IReadOnlyList<string> classes,
        TrainingResult result,
        OnnxDecoding decoding
    )
    {
        (Context, Schema, Model, Classes, Result) = (context, schema, model, classes, result);
        _scoring = new ScoreOnnxEstimator(
            context,
            new ScoreOnnxOptions
            {
                Model = model,
                Inputs =
                [
                    new OnnxInput
                    {
                        ColumnName = options.ImageColumnName,
                        ImageFolder = options.ImageFolder,
                        Preprocessing = RawPixels(options.NetworkPreprocessing()),
                    },
                ],
                Decoding = decoding,
            }
        ).Fit(new EmptyView(schema));
    }

    /// <summary>
    /// The model, from the pixels of the resized image, Float [batch, 3, height, width] of 0 to 255 (red, green, blue). Channel order and
    /// normalization are inside.
    /// </summary>
    public OnnxGraph Model { get; }

    /// <summary>The names of the classes, in the model's order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The result of the training run.</summary>
    public TrainingResult Result { get; }

    bool ITransformer.IsRowToRowMapper => true;

    private protected MLContext Context { get; }

    private protected DataViewSchema Schema { get; }

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
    public void Dispose()
    {
        _scoring.Dispose();
        GC.SuppressFinalize(this);
    }

    // The model does the rest of the preprocessing.
    private static ImagePreprocessing RawPixels(ImagePreprocessing preprocessing) =>
        preprocessing with
        {
            Scale = 1,
            Mean = [.. preprocessing.Mean.Select(_ => 0f)],
            StandardDeviation = [.. preprocessing.StandardDeviation.Select(_ => 1f)],
            Channels = preprocessing.Channels == ImageChannelOrder.Bgr ? ImageChannelOrder.Rgb : preprocessing.Channels,
            ChannelsLast = false,
        };
}
