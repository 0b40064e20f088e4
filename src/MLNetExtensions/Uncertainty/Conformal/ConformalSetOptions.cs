using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Settings of <see cref="ConformalSetEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class ConformalSetOptions
{
    /// <summary>The column with the true class, a key; needed to calibrate only.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column with a probability for each class, a vector of Single.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>The output column: for each class whether it is in the set, a vector of Boolean.</summary>
    /// <value>The default is <c>PredictionSet</c>.</value>
    public string PredictionSetColumnName { get; set; } = "PredictionSet";

    /// <summary>The part of rows whose set holds the true class: 1 - alpha, above 0 and below 1.</summary>
    /// <value>The default is 0.9.</value>
    public double Coverage { get; set; } = 0.9;

    /// <summary>The nonconformity score.</summary>
    /// <value>The default is <see cref="ConformalMethod.Lac"/>.</value>
    public ConformalMethod Method { get; set; } = ConformalMethod.Lac;

    /// <summary>
    /// True to let chance decide on the last class of a set, so that <see cref="ConformalMethod.Aps"/> and <see cref="ConformalMethod.Raps"/>
    /// cover what is promised and not more. Chance is a number that the row's probabilities and <see cref="Seed"/> determine: the same row
    /// always has the same set.
    /// </summary>
    /// <value>The default is true. <see cref="ConformalMethod.Lac"/> does not use it.</value>
    public bool Randomized { get; set; } = true;

    /// <summary>The seed of <see cref="Randomized"/>.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>True to promise the coverage for the rows of each class (Mondrian), not only for all rows together.</summary>
    /// <value>The default is false.</value>
    public bool ClassConditional { get; set; }

    /// <summary>
    /// True to keep the most probable class in each set. False to allow empty sets: the rows that are like none of the calibration set.
    /// </summary>
    /// <value>The default is true.</value>
    public bool NeverEmpty { get; set; } = true;

    /// <summary>The penalty of <see cref="ConformalMethod.Raps"/> (lambda) for each class beyond <see cref="FreeClasses"/>, 0 or more.</summary>
    /// <value>The default is 0.1.</value>
    public float Penalty { get; set; } = 0.1f;

    /// <summary>The number of the most probable classes that <see cref="ConformalMethod.Raps"/> does not penalize (k_reg), 0 or more.</summary>
    /// <value>The default is 2.</value>
    public int FreeClasses { get; set; } = 2;

    internal ConformalSetOptions Clone() => (ConformalSetOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(PredictionSetColumnName);
        var problems = new OptionProblems();
        problems.Check(Coverage is > 0 and < 1, nameof(Coverage), Coverage, "above 0 and below 1");
        problems.Check(Enum.IsDefined(Method), nameof(Method), Method, "Lac, Aps or Raps");
        problems.Check(Penalty >= 0 && float.IsFinite(Penalty), nameof(Penalty), Penalty, "0 or more");
        problems.Check(FreeClasses >= 0, nameof(FreeClasses), FreeClasses, "0 or more");
        problems.Throw();
    }
}
