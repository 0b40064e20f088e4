using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>Settings of <see cref="OutlierEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class OutlierOptions
{
    /// <summary>The column of features (or of logits, for <see cref="EnergyScore"/>), a vector of Single of known size.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column with the class of the training rows, a key; <see cref="MahalanobisScore"/> alone uses it.</summary>
    /// <value>The default is null: there are no classes.</value>
    public string? LabelColumnName { get; set; }

    /// <summary>What makes a row unlike the training rows.</summary>
    /// <value>The default is <see cref="NearestNeighborScore"/>.</value>
    public OutlierScore Score { get; set; } = new NearestNeighborScore();

    /// <summary>The part of rows like the training rows that are to be taken for outliers: it sets the threshold. Above 0 and below 1.</summary>
    /// <value>The default is 0.05.</value>
    public double FalseAlarmRate { get; set; } = 0.05;

    /// <summary>The output column of the score, Single; larger is further from the training rows.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>The output column that tells whether a row is an outlier, Boolean.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; set; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The most rows that are kept; of more, this many are drawn with <see cref="Seed"/>. At least 2.</summary>
    /// <value>The default is 10,000.</value>
    public int MaxRows { get; set; } = 10_000;

    /// <summary>The seed of the draw.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    internal OutlierOptions Clone() => (OutlierOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(FeatureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabelColumnName);
        ArgumentNullException.ThrowIfNull(Score);
        var problems = new OptionProblems();
        problems.Check(FalseAlarmRate is > 0 and < 1, nameof(FalseAlarmRate), FalseAlarmRate, "above 0 and below 1");
        problems.Check(MaxRows >= 2, nameof(MaxRows), MaxRows, "at least 2");
        Score.Check(problems);
        problems.Throw();
    }
}
