using System.Numerics.Tensors;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Uncertainty.Calibrating;
using MLNetExtensions.Uncertainty.Conformal;
using MLNetExtensions.Uncertainty.Selective;

namespace Microsoft.ML;

/// <summary>Sets and intervals that hold the truth as often as promised.</summary>
public static class UncertaintyCatalog
{
    /// <summary>
    /// Creates an estimator that gives each row the set of classes that it may be: <c>Fit</c> it on scored rows that the model was not
    /// trained on.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The column with the true class, a key.</param>
    /// <param name="scoreColumnName">The column with a probability for each class, a vector of Single.</param>
    /// <param name="coverage">The part of rows whose set holds the true class: 1 - alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is not above 0 and below 1.</exception>
    /// <example><code>
    /// var sets = ml.MulticlassClassification.ConformalSets(coverage: 0.95).Fit(model.Transform(calibrationSet));
    /// </code></example>
    public static ConformalSetEstimator ConformalSets(
        this MulticlassClassificationCatalog catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        double coverage = 0.9
    ) =>
        catalog.ConformalSets(
            new ConformalSetOptions
            {
                LabelColumnName = labelColumnName,
                ScoreColumnName = scoreColumnName,
                Coverage = coverage,
            }
        );

    /// <summary>Creates an estimator that gives each row the set of classes that it may be.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    public static ConformalSetEstimator ConformalSets(this MulticlassClassificationCatalog catalog, ConformalSetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConformalSetEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>
    /// Creates an estimator that gives each row an interval that holds its number: <c>Fit</c> it on scored rows that the model was not
    /// trained on.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Regression</c>.</param>
    /// <param name="labelColumnName">The column with the true number, Single.</param>
    /// <param name="scoreColumnName">The column with the predicted number, Single.</param>
    /// <param name="coverage">The part of rows whose interval holds the true number: 1 - alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is not above 0 and below 1.</exception>
    public static ConformalIntervalEstimator ConformalIntervals(
        this RegressionCatalog catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        double coverage = 0.9
    ) =>
        catalog.ConformalIntervals(
            new ConformalIntervalOptions
            {
                LabelColumnName = labelColumnName,
                ScoreColumnName = scoreColumnName,
                Coverage = coverage,
            }
        );

    /// <summary>Creates an estimator that gives each row an interval that holds its number.</summary>
    /// <param name="catalog">The catalog, <c>ml.Regression</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">Only one of the columns of quantiles is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    public static ConformalIntervalEstimator ConformalIntervals(this RegressionCatalog catalog, ConformalIntervalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConformalIntervalEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>Creates an estimator that calibrates a classifier's probabilities with a temperature, in their place.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The column with the true class, a key.</param>
    /// <param name="scoreColumnName">The column with a probability for each class, a vector of Single.</param>
    /// <param name="method">How they are calibrated.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="method"/> is none.</exception>
    /// <example><code>
    /// var calibrated = ml.MulticlassClassification.CalibrateProbabilities(method: CalibrationMethod.Vector).Fit(model.Transform(calibrationSet));
    /// </code></example>
    public static ProbabilityCalibrationEstimator CalibrateProbabilities(
        this MulticlassClassificationCatalog catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        CalibrationMethod method = CalibrationMethod.Temperature
    ) =>
        catalog.CalibrateProbabilities(
            new ProbabilityCalibrationOptions
            {
                LabelColumnName = labelColumnName,
                ScoreColumnName = scoreColumnName,
                Method = method,
            }
        );

    /// <summary>Creates an estimator that calibrates a classifier's probabilities, in their place.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range.</exception>
    public static ProbabilityCalibrationEstimator CalibrateProbabilities(
        this MulticlassClassificationCatalog catalog,
        ProbabilityCalibrationOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ProbabilityCalibrationEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>Counts how often sets hold the true class, and how large they are. The rows are read once.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with a label and a set, that were used neither to train nor to calibrate.</param>
    /// <param name="labelColumnName">The column with the true class, a key.</param>
    /// <param name="predictionSetColumnName">The column of sets, a vector of Boolean.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static PredictionSetReport ReportSets(
        this VisionOperationsCatalog catalog,
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string predictionSetColumnName = "PredictionSet"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return PredictionSetReport.Of(data, labelColumnName, predictionSetColumnName);
    }

    /// <summary>
    /// Measures how often a classifier is wrong on the part of rows that it is most sure of, by the highest probability. The rows are read
    /// once.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">Scored rows that were not trained on.</param>
    /// <param name="labelColumnName">The column with the true class, a key.</param>
    /// <param name="scoreColumnName">The column with a probability for each class, a vector of Single.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static RiskCoverageCurve ReportRiskCoverage(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        (float[] scores, int[] labels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(scored, labelColumnName, scoreColumnName);
        float[] confidences = new float[labels.Length];
        bool[] isCorrect = new bool[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> own = scores.AsSpan(row * classes.Count, classes.Count);
            int predicted = TensorPrimitives.IndexOfMax(own);
            (confidences[row], isCorrect[row]) = (own[predicted], predicted == labels[row]);
        }
        return RiskCoverageCurve.Compute(confidences, isCorrect);
    }
}
