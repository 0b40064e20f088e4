using Microsoft.ML;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Search;

/// <summary>The number that a sweep makes as high, or as low, as it can: a metric of ML.NET on the validation rows, or one of your own.</summary>
public sealed class SweepMetric
{
    private readonly Func<MLContext, IDataView, double> _measure;

    private SweepMetric(string name, bool isHigherBetter, string? classColumnName, Func<MLContext, IDataView, double> measure) =>
        (Name, IsHigherBetter, ClassColumnName, _measure) = (name, isHigherBetter, classColumnName, measure);

    /// <summary>The name, in logs and tables.</summary>
    public string Name { get; }

    /// <summary>True if a higher value is better.</summary>
    public bool IsHigherBetter { get; }

    /// <summary>The column of classes, whose proportions a split keeps; null if the label is no class.</summary>
    internal string? ClassColumnName { get; }

    /// <summary>The part of rows predicted correctly. Higher is better.</summary>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="scoreColumnName">The column with a score for each class.</param>
    public static SweepMetric MicroAccuracy(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        OfClasses(
            "MicroAccuracy",
            true,
            labelColumnName,
            (ml, scored) => ml.MulticlassClassification.Evaluate(scored, labelColumnName, scoreColumnName).MicroAccuracy
        );

    /// <summary>The mean over the classes of the part of their rows predicted correctly. Higher is better.</summary>
    /// <inheritdoc cref="MicroAccuracy" path="/param"/>
    public static SweepMetric MacroAccuracy(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        OfClasses(
            "MacroAccuracy",
            true,
            labelColumnName,
            (ml, scored) => ml.MulticlassClassification.Evaluate(scored, labelColumnName, scoreColumnName).MacroAccuracy
        );

    /// <summary>The mean of the negative logarithm of the probability of the right class, in nats. Lower is better.</summary>
    /// <inheritdoc cref="MicroAccuracy" path="/param"/>
    public static SweepMetric LogLoss(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        OfClasses(
            "LogLoss",
            false,
            labelColumnName,
            (ml, scored) => ml.MulticlassClassification.Evaluate(scored, labelColumnName, scoreColumnName).LogLoss
        );

    /// <summary>The part of rows predicted correctly, of two classes. Higher is better.</summary>
    /// <param name="labelColumnName">The label column, Boolean.</param>
    /// <param name="scoreColumnName">The column with the score.</param>
    public static SweepMetric Accuracy(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        OfClasses(
            "Accuracy",
            true,
            labelColumnName,
            (ml, scored) => ml.BinaryClassification.EvaluateNonCalibrated(scored, labelColumnName, scoreColumnName).Accuracy
        );

    /// <summary>The area under the ROC curve, of two classes. Higher is better.</summary>
    /// <inheritdoc cref="Accuracy" path="/param"/>
    public static SweepMetric AreaUnderRocCurve(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        OfClasses(
            "AreaUnderRocCurve",
            true,
            labelColumnName,
            (ml, scored) => ml.BinaryClassification.EvaluateNonCalibrated(scored, labelColumnName, scoreColumnName).AreaUnderRocCurve
        );

    /// <summary>The part of the variance of the numbers that predictions explain. Higher is better.</summary>
    /// <param name="labelColumnName">The label column, Single.</param>
    /// <param name="scoreColumnName">The column with the prediction.</param>
    public static SweepMetric RSquared(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) => Of("RSquared", true, (ml, scored) => ml.Regression.Evaluate(scored, labelColumnName, scoreColumnName).RSquared);

    /// <summary>The mean of the absolute errors, in the label's unit. Lower is better.</summary>
    /// <inheritdoc cref="RSquared" path="/param"/>
    public static SweepMetric MeanAbsoluteError(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) => Of("MeanAbsoluteError", false, (ml, scored) => ml.Regression.Evaluate(scored, labelColumnName, scoreColumnName).MeanAbsoluteError);

    /// <summary>The square root of the mean squared error, in the label's unit. Lower is better.</summary>
    /// <inheritdoc cref="RSquared" path="/param"/>
    public static SweepMetric RootMeanSquaredError(
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        Of(
            "RootMeanSquaredError",
            false,
            (ml, scored) => ml.Regression.Evaluate(scored, labelColumnName, scoreColumnName).RootMeanSquaredError
        );

    /// <summary>Creates a metric of your own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isHigherBetter">True if a higher value is better.</param>
    /// <param name="measure">Computes it of the scored validation rows. A trial whose value is NaN or infinite has failed.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static SweepMetric Of(string name, bool isHigherBetter, Func<MLContext, IDataView, double> measure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(measure);
        return new SweepMetric(name, isHigherBetter, null, measure);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A value as a score of which more is better.</summary>
    internal double ScoreOf(double value) => IsHigherBetter ? value : -value;

    internal double Measure(MLContext context, IDataView scored) => _measure(context, scored);

    private static SweepMetric OfClasses(string name, bool isHigherBetter, string label, Func<MLContext, IDataView, double> measure) =>
        new(name, isHigherBetter, label, measure);
}
