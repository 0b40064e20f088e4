namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of a model that predicts numbers, in the label's unit. Figures that are not defined are null.</summary>
internal sealed record RegressionContent
{
    public required double MeanAbsoluteError { get; init; }

    public required double MedianAbsoluteError { get; init; }

    public required double MaximumError { get; init; }

    public required double MeanSquaredError { get; init; }

    public required double RootMeanSquaredError { get; init; }

    public required double RSquared { get; init; }

    public required double ExplainedVariance { get; init; }

    public double? Correlation { get; init; }

    /// <summary>The mean of prediction - label: above 0 the model predicts too much.</summary>
    public required double Bias { get; init; }

    public required NumberBaselineContent Baseline { get; init; }

    /// <summary>The numbers of rows by prediction - label.</summary>
    public required IReadOnlyList<ResidualBinContent> Residuals { get; init; }

    public required IReadOnlyList<NumberRowContent> WorstRows { get; init; }
}
