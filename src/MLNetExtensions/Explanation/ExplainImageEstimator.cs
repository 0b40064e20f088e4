using Microsoft.ML;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Explanation;

/// <summary>
/// Adds to each image where in it a model's score comes from: a column with the map and one with the map laid over the image.
/// </summary>
/// <remarks>
/// <para>Columns:</para>
/// <list type="table">
/// <listheader><term>column</term><description>type</description></listheader>
/// <item><term>the image</term><description>Image, Text (a path) or Vector&lt;Byte&gt; (an encoded image)</description></item>
/// <item><term>Heatmap</term><description>Vector&lt;Single, height, width&gt;, 0 to 1</description></item>
/// <item><term>Overlay</term><description>Image</description></item>
/// </list>
/// <para>Characteristics: it learns nothing; it needs no normalization and no caching; it needs a training runtime beside Microsoft.ML for
/// methods of gradients; it is not exportable to ONNX and not saved.</para>
/// </remarks>
public sealed class ExplainImageEstimator : IEstimator<ExplainImageTransformer>
{
    private readonly MLContext _context;
    private readonly OnnxGraph _model;
    private readonly ExplanationOptions _options;

    internal ExplainImageEstimator(MLContext context, OnnxGraph model, ExplanationOptions options) =>
        (_context, _model, _options) = (context, model, options);

    /// <summary>Opens the model; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The model cannot be explained so, or there is no such class or layer.</exception>
    public ExplainImageTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var explainer = new ImageExplainer(_context, _model, _options);
        try
        {
            _ = explainer.ColumnOf(input.Schema, _options.ImageColumnName!);
            return new ExplainImageTransformer(explainer, _options);
        }
        catch
        {
            explainer.Dispose();
            throw;
        }
    }

    /// <summary>Checks the column of images and adds the two columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumn.Check(inputSchema, _options.ImageColumnName!);
        // The sizes are the model's; a shape does not tell them.
        return SchemaShapes.Add(inputSchema, ExplainImageTransformer.AddedTo(new DataViewSchema.Builder(), _options, 1, 1));
    }
}
