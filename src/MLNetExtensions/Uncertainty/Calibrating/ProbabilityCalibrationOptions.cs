using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>Settings of <see cref="ProbabilityCalibrationEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class ProbabilityCalibrationOptions
{
    /// <summary>The column with the true class, a key.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column with a probability for each class, a vector of Single. Calibrated probabilities take its place.</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string ScoreColumnName { get; set; } = DefaultColumnNames.Score;

    /// <summary>The column of the most probable class, a key. The class that is most probable now takes its place.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; set; } = DefaultColumnNames.PredictedLabel;

    /// <summary>How probabilities are calibrated.</summary>
    /// <value>The default is <see cref="CalibrationMethod.Temperature"/>.</value>
    public CalibrationMethod Method { get; set; } = CalibrationMethod.Temperature;

    internal ProbabilityCalibrationOptions Clone() => (ProbabilityCalibrationOptions)MemberwiseClone();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ScoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabelColumnName);
        var problems = new OptionProblems();
        problems.Check(Enum.IsDefined(Method), nameof(Method), Method, "Temperature, Vector or Isotonic");
        problems.Throw();
    }
}
