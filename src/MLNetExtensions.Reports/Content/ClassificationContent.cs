namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of a classifier. Figures that are not defined are null.</summary>
internal sealed record ClassificationContent
{
    public required long Correct { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>The accuracies that the rows do not speak against: Wilson's interval of 95 %.</summary>
    public required IntervalContent AccuracyInterval { get; init; }

    /// <summary>The number of classes of <see cref="TopKAccuracy"/>: 5, or 2 where there are fewer than 7 classes.</summary>
    public required int TopK { get; init; }

    public required double TopKAccuracy { get; init; }

    public required double BalancedAccuracy { get; init; }

    public required AverageContent Macro { get; init; }

    public required AverageContent Weighted { get; init; }

    public double? MacroAuc { get; init; }

    public required double LogLoss { get; init; }

    /// <summary>1 - log-loss / log-loss of the baseline, as ML.NET defines it; null if all rows are of one class.</summary>
    public double? LogLossReduction { get; init; }

    public double? CohensKappa { get; init; }

    public required double MatthewsCorrelation { get; init; }

    public required double ExpectedCalibrationError { get; init; }

    public required ClassBaselineContent Baseline { get; init; }

    public required IReadOnlyList<ClassContent> Classes { get; init; }

    /// <summary>[actual][predicted]: numbers of rows, in the order of <see cref="Classes"/>.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    public required IReadOnlyList<ConfusedPairContent> ConfusedPairs { get; init; }

    public required IReadOnlyList<CalibrationBinContent> Calibration { get; init; }

    public required long Mistakes { get; init; }

    public required IReadOnlyList<MistakeContent> WorstMistakes { get; init; }
}
