using System.Text.Json;

namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>The newest version of each type of object in a configuration. Model Builder gives every type versions of its own.</summary>
internal static class KnownVersions
{
    public const int NewestConfig = 5;

    private static readonly Dictionary<string, int> Newest = new(StringComparer.Ordinal)
    {
        ["TrainingConfig"] = NewestConfig,
        ["Folder"] = 1,
        ["LocalCPU"] = 1,
        ["LocalGPU"] = 1,
        ["Azure"] = 1,
        ["Result"] = 3,
        ["Trial"] = 1,
        ["ClassificationTrainingOption"] = 2,
        ["TrainValidateSplitValidationOption"] = 0,
        ["FileValidationOption"] = 0,
        ["CrossValidationValidationOption"] = 0,
    };

    /// <summary>Throws if an object of the configuration is newer than what is known.</summary>
    /// <exception cref="NotSupportedException">One is; the message names its place, type and version.</exception>
    public static void Check(JsonElement value, string file, string place = "")
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                Check(item, file, $"{place}[{index++}]");
            return;
        }
        if (value.ValueKind != JsonValueKind.Object)
            return;
        if (
            value.Text("Type") is { } type
            && value.Whole("Version") is { } version
            && Newest.TryGetValue(type, out int newest)
            && version > newest
        )
            throw Newer(file, place.Length == 0 ? "the root" : place, type, version, newest);
        foreach (JsonProperty property in value.EnumerateObject())
            Check(property.Value, file, place.Length == 0 ? property.Name : $"{place}.{property.Name}");
    }

    public static NotSupportedException Newer(string file, string place, string type, int version, int newest) =>
        new(
            $"'{file}': {place} has version {version} of type {type}; this library supports versions up to {newest}. Nothing was changed. "
                + "Use a newer MLNetExtensions.ModelBuilder, or the Model Builder that wrote the file."
        );
}
