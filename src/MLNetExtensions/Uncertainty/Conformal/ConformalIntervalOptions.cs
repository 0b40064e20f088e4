using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Settings of <see cref="ConformalIntervalEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class ConformalIntervalOptions
{
    /// <summary>The column with the true number, Single; needed to calibrate only.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column with the predicted number, Single. Not read where the columns of quantiles are named.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>
    /// The column with a predicted low quantile, Single, for conformalized quantile regression: the interval is as wide as the quantiles
    /// are apart, and a little more or less. Together with <see cref="UpperColumnName"/>.
    /// </summary>
    /// <value>The default is null: intervals of one width around the score.</value>
    public string? LowerColumnName { get; set; }

    /// <summary>The column with a predicted high quantile, Single.</summary>
    /// <value>The default is null.</value>
    public string? UpperColumnName { get; set; }

    /// <summary>The output column: the interval's two ends, a vector of two Single.</summary>
    /// <value>The default is <c>PredictionInterval</c>.</value>
    public string IntervalColumnName { get; set; } = "PredictionInterval";

    /// <summary>The part of rows whose interval holds the true number: 1 - alpha, above 0 and below 1.</summary>
    /// <value>The default is 0.9.</value>
    public double Coverage { get; set; } = 0.9;

    internal ConformalIntervalOptions Clone() => (ConformalIntervalOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(IntervalColumnName);
        var problems = new OptionProblems();
        problems.Check(Coverage is > 0 and < 1, nameof(Coverage), Coverage, "above 0 and below 1");
        problems.Require(
            (LowerColumnName is null) == (UpperColumnName is null),
            LowerColumnName is null ? nameof(LowerColumnName) : nameof(UpperColumnName),
            "Name the columns of both quantiles, or of none."
        );
        problems.Throw();
    }
}
