using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Explanation;

/// <summary>Adds explanations to images, each when it is asked for. It holds native memory: dispose it when its views are read.</summary>
/// <remarks>Thread-safe; a cursor is not. Images are explained one at a time; <c>ml.Vision().Explain</c> takes batches.</remarks>
public sealed class ExplainImageTransformer : ITransformer, IDisposable
{
    private readonly ImageExplainer _explainer;
    private readonly ExplanationOptions _options;
    private bool _disposed;

    internal ExplainImageTransformer(ImageExplainer explainer, ExplanationOptions options) => (_explainer, _options) = (explainer, options);

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema with the two columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, out _);

    /// <summary>Adds the two columns. Nothing is computed before a cursor asks for one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema schema = Bind(input.Schema, out ImageColumn image);
        return new ExplainedView(input, schema, image, _explainer, _options.Opacity);
    }

    /// <summary>Creates the mapper that PredictionEngine uses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        DataViewSchema schema = Bind(inputSchema, out ImageColumn image);
        return new ExplainedRowMapper(inputSchema, schema, image, _explainer, _options.Opacity);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            "ExplainImage is not saved. Save the model that it explains, and append ExplainImage where that is loaded."
        );

    /// <summary>Frees the model's sessions. Views of this transformer cannot be read any more.</summary>
    public void Dispose()
    {
        if (!_disposed)
            _explainer.Dispose();
        _disposed = true;
    }

    /// <summary>Adds the two columns, the map and the overlay, to a schema.</summary>
    internal static DataViewSchema AddedTo(DataViewSchema.Builder builder, ExplanationOptions options, int height, int width)
    {
        builder.AddColumn(options.HeatmapColumnName, new VectorDataViewType(NumberDataViewType.Single, height, width));
        builder.AddColumn(options.OverlayColumnName, new ImageDataViewType(height, width));
        return builder.ToSchema();
    }

    private DataViewSchema Bind(DataViewSchema input, out ImageColumn image)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(input);
        image = _explainer.ColumnOf(input, _options.ImageColumnName!);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        return AddedTo(builder, _options, _explainer.Height, _explainer.Width);
    }
}
