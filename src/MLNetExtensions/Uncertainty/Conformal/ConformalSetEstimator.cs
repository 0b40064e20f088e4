using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Calibrates sets of classes that hold the true one as often as promised (split conformal prediction).</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Label | Key | The true class of the calibration rows. |
/// | Score | Known-sized vector of Single | A probability for each class, in the order of the label's keys. |
/// | PredictionSet (output) | Known-sized vector of Boolean | For each class whether it is in the row's set. Its slot names are the classes; annotations `Coverage` and `Alpha` tell the promise. |
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
/// Each calibration row gets a nonconformity score of its true class. The threshold is the ceil((n + 1)(1 - alpha))-th smallest of the n
/// scores, and a row's set has the classes whose score is at most the threshold. Whatever the model is, over drawn calibration and test
/// rows of one distribution the true class is in the set with a probability of 1 - alpha to 1 - alpha + 1 / (n + 1) (Vovk; Lei and others).
/// The rows must not have served training, early stopping, a temperature or a search. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class ConformalSetEstimator : IEstimator<ConformalSetTransformer>
{
    private readonly MLContext _context;
    private readonly ConformalSetOptions _options;

    internal ConformalSetEstimator(MLContext context, ConformalSetOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>Finds the threshold.</summary>
    /// <param name="input">The calibration rows, scored by the model. They are read once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are too few rows for the promised coverage (the message says the least number), or the
    /// scores are not probabilities.</exception>
    public ConformalSetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (float[] scores, int[] labels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(
            input,
            _options.LabelColumnName,
            _options.ScoreColumnName
        );
        ConformalQuantile.CheckEnough(labels.Length, _options.Coverage);
        var chance = new RowChance(classes.Count, _options.Seed);
        float[] thresholds = ConformalThresholds.Of(scores, labels, classes.Count, _options, chance);
        WarnOfRareClasses(thresholds, classes);
        var graph = new ColumnGraph(_options.PredictionSetColumnName);
        string probabilities = graph.Input(input.Schema, _options.ScoreColumnName);
        ConformalSetGraph.Build(graph, probabilities, _options, chance, thresholds);
        ClassLabels known = ClassLabels.Of(input.Schema[_options.LabelColumnName]);
        if (known.Names is { } names)
            graph.Nodes.AddSlotNames(_options.PredictionSetColumnName, names);
        return new ConformalSetTransformer(
            _context,
            new ColumnModel(
                _context,
                graph,
                new Dictionary<string, string>
                {
                    ["mlnetx.conformal.method"] = _options.Method.ToString(),
                    ["mlnetx.conformal.coverage"] = $"{_options.Coverage}",
                    ["mlnetx.conformal.rows"] = $"{labels.Length}",
                }
            ),
            _options,
            classes,
            thresholds,
            labels.Length
        );
    }

    /// <summary>Checks the input columns and adds the output column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The score column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NumberColumns.Check(inputSchema, _options.ScoreColumnName, isVector: true);
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.PredictionSetColumnName, new VectorDataViewType(BooleanDataViewType.Instance, 1));
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }

    private void WarnOfRareClasses(float[] thresholds, IReadOnlyList<string> classes)
    {
        string[] rare = [.. classes.Where((_, c) => float.IsPositiveInfinity(thresholds[c]))];
        if (rare.Length == 0)
            return;
        using IChannel channel = ((IHostEnvironment)_context).Register("ConformalSets").Start("Calibration");
        channel.Warning(
            MessageSensitivity.UserData,
            "{0}",
            $"These classes have fewer than {ConformalQuantile.LeastRows(_options.Coverage)} calibration rows, which a coverage of "
                + $"{_options.Coverage} for each class needs, and are in every set: {string.Join(", ", rare)}."
        );
    }
}
