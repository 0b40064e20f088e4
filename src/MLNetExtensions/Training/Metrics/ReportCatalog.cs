using MLNetExtensions.Data.Schema;
using MLNetExtensions.Training.Metrics;

namespace Microsoft.ML;

/// <summary>Measures models over scored rows.</summary>
public static class ReportCatalog
{
    /// <summary>
    /// Measures a classifier over all rows: accuracy, top-k, precision, recall and F1, AUC, log-loss, confusions, kappa, MCC, calibration.
    /// Printed, it looks like scikit-learn's classification_report.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows, from <c>model.Transform(testSet)</c>. They are read once.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="scoreColumnName">The column with a probability for each class, a vector of Single in the order of the label's
    /// keys.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are no rows, or the scores are not probabilities.</exception>
    /// <example><code>Console.WriteLine(ml.Vision().Report(model.Transform(testSet)));</code></example>
    public static ClassificationReport Report(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    )
    {
        ArgumentNullException.ThrowIfNull(scored);
        (float[] scores, int[] labels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(scored, labelColumnName, scoreColumnName);
        return ClassificationReport.Compute(scores, labels, classes);
    }

    /// <summary>Measures a model that gives each row any number of labels, over all rows.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows. They are read once.</param>
    /// <param name="labelColumnName">The label column: a vector of Boolean, or of Single that are 0 or 1.</param>
    /// <param name="scoreColumnName">The column with a probability for each label, a vector of Single; its slot names name the
    /// labels.</param>
    /// <param name="threshold">Labels of this probability or more count as predicted.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are no rows, or the scores are not probabilities.</exception>
    public static MultiLabelReport ReportMultiLabel(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        float threshold = 0.5f
    )
    {
        ArgumentNullException.ThrowIfNull(scored);
        (float[] scores, bool[] targets, IReadOnlyList<string> labels) = ReportColumns.ReadLabelSets(
            scored,
            labelColumnName,
            scoreColumnName
        );
        return MultiLabelReport.Compute(scores, targets, labels, threshold);
    }

    /// <summary>Measures a model that predicts a number, over all rows.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">The scored rows. They are read once.</param>
    /// <param name="labelColumnName">The column with the true number: Single, Double or a vector of one Single.</param>
    /// <param name="scoreColumnName">The column with the predicted number, of the same types.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are no rows, or a number is not finite.</exception>
    public static RegressionReport ReportRegression(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    )
    {
        ArgumentNullException.ThrowIfNull(scored);
        (float[] predictions, float[] targets) = ReportColumns.ReadNumbers(scored, labelColumnName, scoreColumnName);
        return RegressionReport.Compute(predictions, targets);
    }

    /// <summary>Fits the temperature that calibrates a classifier's probabilities, on validation rows (arXiv 1706.04599).</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="scored">Scored rows that were not trained on. They are read once.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="scoreColumnName">The column with a probability for each class, a vector of Single.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or the label's classes are not those of the scores.</exception>
    /// <exception cref="ArgumentException">There are no rows, or the scores are not probabilities.</exception>
    public static TemperatureScaling FitTemperature(
        this VisionOperationsCatalog catalog,
        IDataView scored,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    )
    {
        ArgumentNullException.ThrowIfNull(scored);
        (float[] scores, int[] labels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(scored, labelColumnName, scoreColumnName);
        return TemperatureScaling.FitProbabilities(scores, labels, classes.Count);
    }
}
