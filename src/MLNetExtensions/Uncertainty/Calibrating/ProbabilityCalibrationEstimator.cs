using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>Calibrates the probabilities of a multiclass classifier, so that of rows with 80 % about 80 % are right.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Label | Key | The true class of the rows that it is fitted to. |
/// | Score | Known-sized vector of Single | A probability for each class; calibrated probabilities take their place. |
/// | PredictedLabel (output) | Key | The class of the highest calibrated probability. |
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
/// Temperature and vector scaling minimize the log-loss of softmax(w ln p + b) ([arXiv 1706.04599](https://arxiv.org/abs/1706.04599),
/// section 4.2), of which a temperature is the case of one w for all classes and no b. Isotonic regression pools neighbors, one class
/// against the rest, and divides by the sum. `FineTune` and `TrainNetwork` calibrate with a temperature by themselves
/// (`CalibrateProbabilities`). Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class ProbabilityCalibrationEstimator : IEstimator<ProbabilityCalibrationTransformer>
{
    private readonly MLContext _context;
    private readonly ProbabilityCalibrationOptions _options;

    internal ProbabilityCalibrationEstimator(MLContext context, ProbabilityCalibrationOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>Fits the map to scored rows.</summary>
    /// <param name="input">Labeled rows, scored by the model. They are read once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are no rows, or the scores are not probabilities.</exception>
    public ProbabilityCalibrationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (float[] scores, int[] rowLabels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(
            input,
            _options.LabelColumnName,
            _options.ScoreColumnName
        );
        ProbabilityTable.CheckSizes(scores.Length, rowLabels.Length, classes, nameof(input));
        for (int row = 0; row < rowLabels.Length; row++)
            ProbabilityTable.CheckDistribution(scores.AsSpan(row * classes.Count, classes.Count), row);
        ClassLabels labels = ClassLabels.Of(input.Schema[_options.LabelColumnName]);
        var names = new ScoringNames(_options.ScoreColumnName);
        var graph = new ColumnGraph(names.Output);
        string probabilities = graph.Input(input.Schema, _options.ScoreColumnName);
        ProbabilityMap.Fit(_options.Method, scores, rowLabels, classes.Count).AddTo(graph, probabilities);
        graph.Output(names.Output, OnnxElementType.Float, classes.Count);
        ClassOutputs.AddTo(graph, names, labels);
        return new ProbabilityCalibrationTransformer(_context, new ColumnModel(_context, graph), _options, labels);
    }

    /// <summary>Checks the input columns and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NumberColumns.Check(inputSchema, _options.ScoreColumnName, isVector: true);
        return ClassOutputs.AddColumns(inputSchema, _options.LabelColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName);
    }
}
