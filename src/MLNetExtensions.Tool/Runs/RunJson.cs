using System.Text.Json.Serialization;

namespace MLNetExtensions.Tool.Runs;

/// <summary>How the files of runs are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(RunMetrics))]
[JsonSerializable(typeof(RunDetectionMetrics))]
[JsonSerializable(typeof(RunSegmentationMetrics))]
[JsonSerializable(typeof(IReadOnlyList<RunSummary>))]
internal sealed partial class RunJson : JsonSerializerContext;
