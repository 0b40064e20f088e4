using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.Saving;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Applies a network to a column of images. <see cref="Transform"/> scores in batches with ONNX Runtime, and only when an output column is
/// requested. It is saved as transformers of ML.NET (LoadImages, ResizeImages, ExtractPixels, ApplyOnnxModel ...): a saved model loads in
/// applications that reference only Microsoft.ML, Microsoft.ML.ImageAnalytics, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime.
/// </summary>
/// <remarks>
/// A saved model differs in three points. If the column holds paths, ML.NET's LoadImages ignores the EXIF orientation that this transformer
/// applies, unless <c>UprightWhenSaved</c> is set. If it is set, or if the column holds encoded bytes, the application that loads
/// the model needs the small package MLNetExtensions.SavedSteps. It resizes like
/// ML.NET's ResizeImages, whatever <see cref="ImagePreprocessing.Interpolation"/> says.
/// Thread-safe; a <see cref="DataViewRowCursor"/> or a PredictionEngine is not. It holds native memory: dispose it when its views are read.
/// </remarks>
public abstract class ImageTransformer : ITransformer, IDisposable
{
    private readonly MLContext _context;
    private readonly ImageColumn _image;
    private bool _disposed;

    private protected ImageTransformer(MLContext context, ScoringModel scoring, ImageColumn image)
    {
        _context = context;
        _image = image;
        Scoring = scoring;
    }

    /// <summary>The same columns of another model.</summary>
    private protected ImageTransformer(ImageTransformer other, OnnxGraph model)
        : this(other._context, other.OpenLike(model), other._image) { }

    /// <summary>
    /// The exported network: from pixels, float [batch, channels, height, width] in planes of 0 to 255 (red, green, blue; gray; or red,
    /// green, blue, alpha), to the output column, with all preprocessing inside. <see cref="OnnxGraph.Save(string)"/> writes it to a file
    /// for other programs.
    /// </summary>
    public OnnxGraph Model => Scoring.Graph;

    /// <summary>The column of images.</summary>
    public string FeatureColumnName => _image.Name;

    /// <summary>The type of the column of images.</summary>
    public DataViewType FeatureColumnType => _image.Type;

    bool ITransformer.IsRowToRowMapper => true;

    private protected ScoringModel Scoring { get; }

    /// <summary>The schema with the output columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, out _).Output;

    /// <summary>Adds the output columns. Nothing is computed before a cursor asks for one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ScoredSchema schema = Bind(input.Schema, out ScoringEngine engine);
        return new ScoredView(input, input, schema, engine);
    }

    /// <summary>Creates the mapper that PredictionEngine uses, one image at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ScoredSchema schema = Bind(inputSchema, out ScoringEngine engine);
        return new ScoredRowMapper(inputSchema, schema, engine);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        StandardChain.Save(_context, Scoring, _image, Task, Training?.TurnedImages > 0 || Scoring.Decoder.TurnedImages > 0, ctx);
    }

    /// <summary>
    /// Exports the model for other programs. Its metadata holds the labels and the rest of the preprocessing. Options: another opset, ONNX
    /// Runtime's own format, and a model card.
    /// </summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">The export options; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opset is not one of 13 to 21.</exception>
    /// <exception cref="ArgumentException"><see cref="OnnxExportOptions.Decoding"/> is false.</exception>
    /// <exception cref="OnnxFormatException">The model cannot be converted to that opset; the message says why.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (options is { Decoding: false })
            throw new ArgumentException(
                "Decoding is false, but this model's scores are its decoding; it has no other outputs. Leave Decoding as it is.",
                nameof(options)
            );
        OnnxExport.Write(Model, path, options, Training);
    }

    /// <summary>Frees the session. Views of this transformer cannot be read any more.</summary>
    public void Dispose()
    {
        if (!_disposed)
            Scoring.Dispose();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>The output columns behind an input's columns.</summary>
    private protected abstract IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input);

    /// <summary>The result of the training; null if the network was not trained here.</summary>
    private protected virtual TrainingResult? Training => null;

    /// <summary>The meaning of the network's outputs; null if they are features.</summary>
    private protected virtual ScoringTask? Task => null;

    private ScoringModel OpenLike(OnnxGraph model)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(model);
        if (!Names(model.Inputs).SequenceEqual(Names(Model.Inputs)) || !Names(model.Outputs).SequenceEqual(Names(Model.Outputs)))
            throw new ArgumentException(
                $"The graph '{model.Name}' has the inputs {string.Join("; ", model.Inputs)} and the outputs "
                    + $"{string.Join("; ", model.Outputs)}; expected those of this "
                    + $"transformer's model, {string.Join("; ", Model.Inputs)} and {string.Join("; ", Model.Outputs)}. Compress "
                    + $"{nameof(Model)} itself.",
                nameof(model)
            );
        var scoring = new ScoringModel(_context, model, Scoring.Names, Scoring.Preprocessing);
        if (scoring.OutputLength == Scoring.OutputLength)
            return scoring;
        int outputs = scoring.OutputLength;
        scoring.Dispose();
        throw new ArgumentException(
            $"The graph '{model.Name}' makes {outputs} values an image; this transformer's model makes {Scoring.OutputLength}.",
            nameof(model)
        );

        static IEnumerable<string> Names(IReadOnlyList<OnnxValue> values) => values.Select(v => v.Name);
    }

    private ScoredSchema Bind(DataViewSchema input, out ScoringEngine engine)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(input);
        engine = Scoring.Engine(ImageColumn.Of(input, _image.Name, Scoring.Decoder, _image.Folder));
        return new ScoredSchema(input, ColumnsFor(input));
    }
}
