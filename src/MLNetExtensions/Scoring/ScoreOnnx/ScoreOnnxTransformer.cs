using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>
/// Applies an ONNX model to columns. <see cref="Transform"/> scores in batches, and only when an output column is requested. It is saved as
/// transformers of ML.NET if they can do the same, see docs/scoring.md.
/// </summary>
/// <remarks>
/// Thread-safe; a <see cref="DataViewRowCursor"/> or a PredictionEngine is not. It holds native memory unless its session is shared:
/// dispose it when its views are read. A PredictionEngine disposes the transformer that it was made from; if several are made from one, set
/// <see cref="ScoreOnnxOptions.Session"/>.
/// </remarks>
public sealed class ScoreOnnxTransformer : ITransformer, IDisposable
{
    private readonly MLContext _context;
    private readonly OpenedModel _model;
    private readonly OnnxBinding _binding;
    private readonly InvalidImageLog? _invalidImages;
    private bool _disposed;

    internal ScoreOnnxTransformer(MLContext context, OpenedModel model, OnnxBinding binding)
    {
        (_context, _model, _binding) = (context, model, binding);
        if (model.Options.InvalidImages == InvalidImagePolicy.MissingScore)
            _invalidImages = new InvalidImageLog(Warn);
    }

    /// <summary>
    /// The images that could not be read and got missing scores, by row, from all passes so far (at most 10,000); row -1 stands for a
    /// PredictionEngine.
    /// </summary>
    public IReadOnlyList<InvalidImage> InvalidImages => _invalidImages?.Listed ?? [];

    /// <summary>The model's inputs.</summary>
    public IReadOnlyList<OnnxValue> Inputs => _model.Session.Inputs;

    /// <summary>The model's outputs.</summary>
    public IReadOnlyList<OnnxValue> Outputs => _model.Session.Outputs;

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema with the output columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or does not fit the model.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Output;

    /// <summary>Adds the output columns. Nothing is computed before a cursor asks for one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or does not fit the model.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredView(input, input, Bind(input.Schema), Engine());
    }

    /// <summary>Creates the mapper that PredictionEngine uses, one row at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or does not fit the model.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoredRowMapper(inputSchema, Bind(inputSchema), Engine());

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed();
        OnnxChain.Save(_context, _model.Session, _binding, ctx);
    }

    /// <summary>
    /// Exports the model for other programs, with preprocessing and decoding inside: its outputs are the columns that are added here. Boxes
    /// and masks are in the pixels of images whose widths and heights are a second input. Its metadata holds the labels and the rest of the
    /// preprocessing. Options: without decoding, another opset, ONNX Runtime's own format, and a model card.
    /// </summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">The export options; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opset is not one of 13 to 21.</exception>
    /// <exception cref="OnnxFormatException">The model cannot be converted to that opset; the message says why.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ThrowIfDisposed();
        OnnxExport.Write(
            ScoredGraph.Create(_model.Session, options is { Decoding: false } ? _binding.WithoutDecoding() : _binding).Graph,
            path,
            options,
            training: null
        );
    }

    /// <summary>Frees the session, unless it is shared. Views of this transformer cannot be read any more.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        // What shares a session may go on with the rows that it has; the decoders are then left to the collector.
        if (_model.Session != _model.Options.Session)
            _binding.Dispose();
        _model.Dispose();
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw Disposed.Model(nameof(ScoreOnnxTransformer), _model.Session.Source.Name);
    }

    private ScoringEngine Engine() => new(_model.Session, _binding.Plan, _binding.Sources, _invalidImages);

    private ScoredSchema Bind(DataViewSchema input)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(input);
        _binding.Check(input);
        return _binding.SchemaOf(input);
    }

    private void Warn(string message)
    {
        IHost host = ((IHostEnvironment)_context).Register("ScoreOnnx");
        using IChannel channel = host.Start("Scoring");
        channel.Warning(MessageSensitivity.UserData, "{0}", message);
    }
}
