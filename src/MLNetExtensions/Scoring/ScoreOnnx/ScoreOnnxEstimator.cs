using Microsoft.ML;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>Runs an ONNX model on rows, in batches, as a step of a pipeline.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Input columns | The model's types, a value or a vector per row | One for each input of the model. |
/// | | MLImage, text, vector of Byte | Images: decoded, the path of a file, the bytes of a file. |
/// | Output columns | The model's types, a value or a vector per row | The requested outputs, without the batch dimension. |
/// | Decoded columns | See ClassificationDecoding and FeatureDecoding | The meaning of the outputs. |
///
/// ### Estimator Characteristics
///
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, and Microsoft.ML.OnnxRuntime for its native library |
/// | Exportable to ONNX | Yes, by ExportOnnx; not by ConvertToOnnx |
///
/// ### Details
///
/// Rows are read ahead, batched, decoded and scored on several threads. Their order and the other columns do not change, and nothing is
/// computed that no cursor asks for. The batch dimension is found in the model (a dynamic first dimension, or one named batch). Batches of
/// models with a fixed batch size are padded; models without a batch dimension are run row by row. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class ScoreOnnxEstimator : IEstimator<ScoreOnnxTransformer>
{
    private readonly MLContext _context;
    private readonly ScoreOnnxOptions _options;
    private readonly Lock _opening = new();
    private OpenedModel? _unused;

    internal ScoreOnnxEstimator(MLContext context, ScoreOnnxOptions options)
    {
        options = options.Clone();
        options.Validate();
        _context = context;
        _options = options;
    }

    /// <summary>Loads the model and maps columns to its inputs and outputs; the data's rows are not read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the model.</exception>
    /// <exception cref="MLNetExtensions.Onnx.OnnxFormatException">The model cannot be read or run.</exception>
    public ScoreOnnxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        OpenedModel model;
        lock (_opening)
            (model, _unused) = (_unused ?? OpenedModel.Open(_context, _options), null);
        try
        {
            return new ScoreOnnxTransformer(_context, model, model.Bind(input.Schema));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Checks the input columns and adds the output columns. It opens the model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the model.</exception>
    /// <exception cref="MLNetExtensions.Onnx.OnnxFormatException">The model cannot be read or run.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        DataViewSchema columns;
        int addedCount;
        lock (_opening)
        {
            // Kept for Fit, which mostly follows.
            _unused ??= OpenedModel.Open(_context, _options);
            DataViewSchema input = _unused.LikelySchema(inputSchema);
            using OnnxBinding binding = _unused.Bind(input);
            columns = binding.SchemaOf(input).Output;
            addedCount = _unused.ColumnCount;
        }
        var added = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in columns.Skip(columns.Count - addedCount))
            added.AddColumn(column.Name, column.Type, column.Annotations);
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }
}
