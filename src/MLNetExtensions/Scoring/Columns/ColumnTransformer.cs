using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>
/// Computes columns of numbers from columns of numbers with an ONNX graph. <see cref="Transform"/> computes when a cursor asks for a
/// column, in batches. It is saved as ML.NET's ApplyOnnxModel: the model loads where Microsoft.ML, Microsoft.ML.OnnxTransformer and
/// Microsoft.ML.OnnxRuntime are.
/// </summary>
/// <remarks>
/// Thread-safe; a <see cref="DataViewRowCursor"/> or a PredictionEngine is not. It holds native memory: dispose it when its views are read.
/// </remarks>
public abstract class ColumnTransformer : ITransformer, IDisposable
{
    private readonly ColumnModel _model;
    private bool _disposed;

    private protected ColumnTransformer(MLContext context, ColumnModel model) => (Context, _model) = (context, model);

    /// <summary>The graph: inputs Float [batch, length] of the input columns, outputs the columns that are added.</summary>
    public OnnxGraph Model => _model.Graph;

    bool ITransformer.IsRowToRowMapper => true;

    private protected MLContext Context { get; }

    /// <summary>The schema with the output columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, out _).Output;

    /// <summary>Adds the output columns. Nothing is computed before a cursor asks for one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ScoredSchema schema = Bind(input.Schema, out ScoringEngine engine);
        return new ScoredView(input, input, schema, engine);
    }

    /// <summary>Creates the mapper that PredictionEngine uses, one row at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ScoredSchema schema = Bind(inputSchema, out ScoringEngine engine);
        return new ScoredRowMapper(inputSchema, schema, engine);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        MLContext context = SavingContext.Of(Context);
        using var file = new TemporaryModel(context, Model.Save);
        var schema = new DataViewSchema.Builder();
        foreach (ColumnInput input in _model.Inputs)
            schema.AddColumn(
                input.Column,
                input.Length == 1 ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, input.Length)
            );
        List<string> temporaries = [.. _model.Inputs.Select(input => input.Name)];
        var chain = new EstimatorChain<ITransformer>();
        // A scalar is a vector of one to ML.NET's Concatenate, and a vector stays what it is.
        foreach (ColumnInput input in _model.Inputs)
            chain = chain.Append<ITransformer>(context.Transforms.Concatenate(input.Name, input.Column));
        chain = chain.Append<ITransformer>(
            context.Transforms.ApplyOnnxModel([.. Model.Outputs.Select(output => output.Name)], [.. temporaries], file.Path)
        );
        chain = AppendTo(context, chain, temporaries);
        using TransformerChain<ITransformer> saved = chain
            .Append<ITransformer>(context.Transforms.DropColumns([.. temporaries]))
            .Fit(new EmptyView(schema.ToSchema()));
        ((ICanSaveModel)saved).Save(ctx);
    }

    /// <summary>Frees the session. Views of this transformer cannot be read any more.</summary>
    public void Dispose()
    {
        if (!_disposed)
            _model.Dispose();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>The output columns behind an input's columns.</summary>
    private protected abstract IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input);

    /// <summary>Appends what makes the output columns of the graph's outputs, in a saved model; nothing where they are the same.</summary>
    private protected virtual EstimatorChain<ITransformer> AppendTo(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        List<string> temporaries
    ) => chain;

    private ScoredSchema Bind(DataViewSchema input, out ScoringEngine engine)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(input);
        engine = _model.Engine(input);
        return new ScoredSchema(input, ColumnsFor(input));
    }
}
