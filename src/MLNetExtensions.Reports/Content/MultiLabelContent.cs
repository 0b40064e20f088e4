namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of a model that gives each row any number of labels.</summary>
internal sealed record MultiLabelContent
{
    /// <summary>The probability from which on a label counts as predicted.</summary>
    public required double Threshold { get; init; }

    /// <summary>The rows with all labels right.</summary>
    public required long Correct { get; init; }

    public required double SubsetAccuracy { get; init; }

    public required double HammingLoss { get; init; }

    public required AverageContent Micro { get; init; }

    public required AverageContent Macro { get; init; }

    public required AverageContent Weighted { get; init; }

    public required AverageContent Samples { get; init; }

    public required double? MeanAveragePrecision { get; init; }

    public required double? MacroAuc { get; init; }

    public required double RankingAveragePrecision { get; init; }

    public required double LogLoss { get; init; }

    public required MultiLabelBaselineContent Baseline { get; init; }

    public required IReadOnlyList<ClassContent> Labels { get; init; }

    public required IReadOnlyList<LabelSetContent> WorstRows { get; init; }
}
