using System.Text.Json;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>What a configuration of any version says. Paths are as the file has them.</summary>
internal sealed record Config
{
    /// <summary>Model Builder's "no limit" in versions 0 to 2; later it is int.MaxValue. In seconds.</summary>
    private const int NoLimit = 2147482;

    private const string Scenario = "ImageClassification";

    public required int Version { get; init; }

    public required string FolderPath { get; init; }

    public bool UsesGpu { get; init; }

    public TimeSpan? TimeLimit { get; init; }

    public bool Subsampling { get; init; }

    public ModelBuilderMetric Metric { get; init; }

    public int? Seed { get; init; }

    public double? ValidationFraction { get; init; }

    public string? ValidationPath { get; init; }

    public string? ModelPath { get; init; }

    /// <exception cref="FormatException">The file is not a configuration.</exception>
    /// <exception cref="NotSupportedException">It is newer than what is known, or not of images in a folder.</exception>
    public static Config Read(ConfigText text, string file)
    {
        using JsonDocument document = JsonDocument.Parse(
            text.Json.ToArray(),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        JsonElement root = document.RootElement;
        int version = VersionOf(root, file);
        KnownVersions.Check(root, file);

        string? scenario = root.Text("Scenario") ?? root.Property("Scenario")?.Text("ScenarioType");
        if (scenario != Scenario)
            throw new NotSupportedException(
                $"'{file}': Scenario is {scenario ?? "missing"}; this library trains {Scenario} alone. Train other scenarios with Model Builder."
            );
        JsonElement? options = root.Property("TrainingOption");
        (double? fraction, string? path) = Validation(options?.Property("ValidationOption"), file);
        return new Config
        {
            Version = version,
            FolderPath = Folder(root.Property("DataSource"), file),
            UsesGpu =
                root.Property("Environment") is { } environment
                && (environment.Text("Type") ?? environment.Text("EnvironmentType")) == "LocalGPU",
            TimeLimit = Limit(options?.Number("TrainingTime") ?? root.Number("TrainingTime")),
            Subsampling = options?.Property("Subsampling") is { ValueKind: JsonValueKind.True },
            Metric = MetricOf(options?.Text("OptimizeMetric") ?? root.Property("RunHistory")?.Text("MetricName"), file),
            Seed = options?.Whole("Seed"),
            ValidationFraction = fraction,
            ValidationPath = path,
            ModelPath = root.Property("RunHistory")?.Text("ModelFilePath"),
        };
    }

    private static int VersionOf(JsonElement root, string file)
    {
        if (root.Whole("TrainingConfigurationVersion") is { } old)
            return old == 0 ? 0 : throw KnownVersions.Newer(file, "the root", "TrainingConfigurationVersion", old, 0);
        if (root.Text("Type") is { } type and not "TrainingConfig")
            throw new FormatException($"'{file}' is no Model Builder configuration: its Type is {type}, expected TrainingConfig.");
        return root.Whole("Version") switch
        {
            null => throw new FormatException($"'{file}' is no Model Builder configuration: it has no Version. Choose the .mbconfig file."),
            < 0 => throw new FormatException($"'{file}': Version is {root.Whole("Version")}, expected 0 to {KnownVersions.NewestConfig}."),
            > KnownVersions.NewestConfig and { } newer => throw KnownVersions.Newer(
                file,
                "the root",
                "TrainingConfig",
                newer,
                KnownVersions.NewestConfig
            ),
            { } known => known,
        };
    }

    private static string Folder(JsonElement? source, string file)
    {
        string? type = source?.Text("Type") ?? source?.Text("DataSourceType");
        if (type != "Folder")
            throw new NotSupportedException(
                $"'{file}': the DataSource is of type {type ?? "none"}; images are read from a Folder with a sub-folder per class. "
                    + "Choose such a folder in Model Builder, or write it into the file."
            );
        return source?.Text("FolderPath") is { Length: > 0 } path
            ? path
            : throw new FormatException($"'{file}': DataSource has no FolderPath. Write the folder of the images there.");
    }

    private static TimeSpan? Limit(double? seconds) => seconds is > 0 and < NoLimit ? TimeSpan.FromSeconds(seconds.Value) : null;

    /// <summary>OptimizeMetric and MetricName write the same metrics, one with a hyphen.</summary>
    private static ModelBuilderMetric MetricOf(string? name, string file)
    {
        if (name is null)
            return ModelBuilderMetric.MicroAccuracy;
        return Enum.TryParse(name.Replace("-", "", StringComparison.Ordinal), out ModelBuilderMetric metric) && Enum.IsDefined(metric)
            ? metric
            : throw new NotSupportedException(
                $"'{file}': the metric is {name}; expected {string.Join(", ", Enum.GetNames<ModelBuilderMetric>())}. Change OptimizeMetric."
            );
    }

    private static (double? Fraction, string? Path) Validation(JsonElement? option, string file)
    {
        switch (option?.Text("Type"))
        {
            case null:
                return (ModelBuilderProject.DefaultValidationFraction, null);
            case "TrainValidateSplitValidationOption":
                double fraction = option.Value.Number("SplitRatio") ?? ModelBuilderProject.DefaultValidationFraction;
                return fraction is > 0 and < 1
                    ? (fraction, null)
                    : throw new FormatException($"'{file}': SplitRatio is {fraction}, expected above 0 and below 1.");
            case "FileValidationOption":
                return option.Value.Text("FilePath") is { Length: > 0 } path
                    ? (null, path)
                    : throw new FormatException(
                        $"'{file}': ValidationOption has no FilePath. Write the folder of the validation images there."
                    );
            case var type:
                throw new NotSupportedException(
                    $"'{file}': ValidationOption is of type {type}; for images expected TrainValidateSplitValidationOption or "
                        + "FileValidationOption."
                );
        }
    }
}
