using System.Text.Json.Serialization;

namespace MLNetExtensions.Reports.Content;

/// <summary>All that a report says, without its drawings and images. The JSON file is this; the HTML file shows it.</summary>
internal sealed record ReportContent
{
    /// <summary>The version of the JSON file's names: a name that is there keeps its meaning as long as this stays.</summary>
    public const string CurrentSchema = "mlnetextensions.report/1";

    [JsonPropertyOrder(-1)]
    public string Schema => CurrentSchema;

    public required string Title { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary><c>classification</c>, <c>multi-label</c>, <c>regression</c>, <c>detection</c> or <c>segmentation</c>.</summary>
    public required string Task { get; init; }

    public required long Rows { get; init; }

    public ClassificationContent? Classification { get; init; }

    public MultiLabelContent? MultiLabel { get; init; }

    public RegressionContent? Regression { get; init; }

    public DetectionContent? Detection { get; init; }

    public SegmentationContent? Segmentation { get; init; }

    public required IReadOnlyList<WarningContent> Warnings { get; init; }

    public TrainingContent? Training { get; init; }

    /// <summary>The trainer's settings that differ from the defaults; null where they are not known.</summary>
    public IReadOnlyList<SettingContent>? Settings { get; init; }

    public required MachineContent Machine { get; init; }

    public required UsageContent Usage { get; init; }

    public required ImagesContent Images { get; init; }
}
