using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>Tells rows that are unlike the training rows (out of distribution) by their features.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Features | Known-sized vector of Single | The features of a backbone (`ExtractImageFeatures`), or the logits of a classifier. |
/// | Label (optional) | Key | The class of the training rows, for `MahalanobisScore`. |
/// | Score (output) | Single | How far the row is from the training rows. |
/// | PredictedLabel (output) | Boolean | True for an outlier: its score is above the threshold. |
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Anomaly detection |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, and Microsoft.ML.OnnxRuntime for its native library; where a saved model is loaded, MLNetExtensions.SavedSteps |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// See `NearestNeighborScore`, `MahalanobisScore` and `EnergyScore`. The threshold is the score that a part of 1 - `FalseAlarmRate` of the
/// training rows stays below; for neighbors each row is compared with the others alone. The training rows are to be such as the classifier
/// is meant for; rows that are no outliers but new are a little further away than those it was fitted to. Only apply models from trusted
/// sources.
/// ]]></format>
/// </remarks>
public sealed class OutlierEstimator : IEstimator<OutlierTransformer>
{
    private readonly MLContext _context;
    private readonly OutlierOptions _options;

    internal OutlierEstimator(MLContext context, OutlierOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>Fits the score and its threshold to the training rows, which are read once.</summary>
    /// <param name="input">Rows that are no outliers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or a feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    public OutlierTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FeatureRows rows = FeatureReader.Read(input, _options.FeatureColumnName, _options.LabelColumnName, _options.MaxRows, _options.Seed);
        var graph = new ColumnGraph(_options.ScoreColumnName);
        string features = graph.Input(input.Schema, _options.FeatureColumnName);
        float[] own = new float[rows.Count];
        string score = _options.Score.Fit(rows, graph, features, own);
        Array.Sort(own);
        float threshold = own[Math.Clamp((int)Math.Ceiling((1 - _options.FalseAlarmRate) * own.Length) - 1, 0, own.Length - 1)];
        graph.Nodes.AddLast("Identity", [score]);
        graph.Output(_options.ScoreColumnName, OnnxElementType.Float, 1);
        graph.Nodes.AddAs(_options.PredictedLabelColumnName, "Greater", [score, graph.Floats("threshold", [], threshold)]);
        graph.Output(_options.PredictedLabelColumnName, OnnxElementType.Bool, 1);
        return new OutlierTransformer(_context, new ColumnModel(_context, graph), _options, threshold, rows.Count);
    }

    /// <summary>Checks the input columns and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NumberColumns.Check(inputSchema, _options.FeatureColumnName, isVector: true);
        if (_options.LabelColumnName is { } label && SchemaShapes.Find(inputSchema, label) is null)
            throw MissingColumn.In(inputSchema, "label", label);
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.ScoreColumnName, NumberDataViewType.Single);
        added.AddColumn(_options.PredictedLabelColumnName, BooleanDataViewType.Instance);
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }
}
