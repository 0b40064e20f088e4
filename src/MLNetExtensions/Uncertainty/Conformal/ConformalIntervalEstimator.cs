using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Calibrates intervals that hold the true number as often as promised (split conformal prediction).</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Label | Single | The true number of the calibration rows. |
/// | Score | Single | The predicted number. |
/// | Lower, Upper (instead of Score) | Single | Predicted quantiles. |
/// | PredictionInterval (output) | Vector of two Single | The interval's ends. Annotations `Coverage` and `Alpha` tell the promise. |
///
/// ### Estimator Characteristics
///
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes: labeled rows that the model was not trained on |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, and Microsoft.ML.OnnxRuntime for its native library |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// Of a score alone, the interval is score - q to score + q, where q is the ceil((n + 1)(1 - alpha))-th smallest |label - score| of the n
/// calibration rows. Of two quantiles it is lower - q to upper + q, where q is that order statistic of max(lower - label, label - upper):
/// conformalized quantile regression ([arXiv 1905.03222](https://arxiv.org/abs/1905.03222)), whose intervals are wide where the number is
/// uncertain. Quantiles that cross far from the data make an interval whose ends meet in their middle. Only apply models from trusted
/// sources.
/// ]]></format>
/// </remarks>
public sealed class ConformalIntervalEstimator : IEstimator<ConformalIntervalTransformer>
{
    private readonly MLContext _context;
    private readonly ConformalIntervalOptions _options;

    internal ConformalIntervalEstimator(MLContext context, ConformalIntervalOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    private string Low => _options.LowerColumnName ?? _options.ScoreColumnName;

    private string High => _options.UpperColumnName ?? _options.ScoreColumnName;

    /// <summary>Finds the width.</summary>
    /// <param name="input">The calibration rows, scored by the model. They are read once, or twice where there are quantiles.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are too few rows for the promised coverage (the message says the least number), or a
    /// number is not finite.</exception>
    public ConformalIntervalTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (float[] lower, float[] labels) = ReportColumns.ReadNumbers(input, _options.LabelColumnName, Low);
        float[] upper = Low == High ? lower : ReportColumns.ReadNumbers(input, _options.LabelColumnName, High).Predictions;
        ConformalQuantile.CheckEnough(labels.Length, _options.Coverage);
        float[] scores = new float[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            scores[row] = Math.Max(lower[row] - labels[row], labels[row] - upper[row]);
            if (!float.IsFinite(scores[row]))
                throw new ArgumentException(
                    $"Row {row} has the label {labels[row]} and the prediction {lower[row]} to {upper[row]}; all must be finite.",
                    nameof(input)
                );
        }
        float width = ConformalQuantile.Of(scores, _options.Coverage);
        return new ConformalIntervalTransformer(
            _context,
            new ColumnModel(_context, Graph(input.Schema, width)),
            _options,
            width,
            labels.Length
        );
    }

    /// <summary>Checks the input columns and adds the output column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NumberColumns.Check(inputSchema, Low, isVector: false);
        NumberColumns.Check(inputSchema, High, isVector: false);
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.IntervalColumnName, new VectorDataViewType(NumberDataViewType.Single, 2));
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }

    private ColumnGraph Graph(DataViewSchema schema, float width)
    {
        var graph = new ColumnGraph(_options.IntervalColumnName);
        var nodes = new GraphNodes(graph);
        string low = graph.Input(schema, Low),
            high = Low == High ? low : graph.Input(schema, High),
            margin = graph.Floats("margin", [], width);
        low = nodes.Add("Sub", low, margin);
        high = nodes.Add("Add", high, margin);
        // Crossed ends meet in their middle.
        string middle = nodes.Add("Mul", nodes.Add("Add", low, high), graph.Floats("half", [], 0.5f));
        graph.Nodes.AddLast("Concat", [nodes.Add("Min", low, middle), nodes.Add("Max", high, middle)], OnnxAttribute.Of("axis", 1L));
        graph.Output(_options.IntervalColumnName, OnnxElementType.Float, 2);
        graph.Nodes.AddSlotNames(_options.IntervalColumnName, ConformalIntervalTransformer.Ends);
        return graph;
    }
}
