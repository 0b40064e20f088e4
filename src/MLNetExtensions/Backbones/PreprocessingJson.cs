using System.Text.Json;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>
/// <see cref="ImagePreprocessing"/> as JSON, the same in the catalog and in a model's <c>metadata_props</c>:
/// <c>{"width":224,"height":224,"resizeMode":"cropCenter","interpolation":"standard","cropFraction":0.875,"channels":"rgb","channelsLast":false,"scale":...,"mean":[...],"standardDeviation":[...]}</c>.
/// </summary>
internal static class PreprocessingJson
{
    /// <summary>The key of a model's <c>metadata_props</c> that holds it.</summary>
    public const string MetadataKey = "mlnetextensions.preprocessing";

    public static string Write(ImagePreprocessing preprocessing) =>
        JsonSerializer.Serialize(PreprocessingText.Of(preprocessing), BackboneJson.Default.PreprocessingText);

    /// <summary>Reads the preprocessing in a model's metadata; null if there is none.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="source">The model's name in messages.</param>
    /// <exception cref="FormatException">It cannot be read, or a value is missing or out of range; the message names it.</exception>
    public static ImagePreprocessing? Find(IReadOnlyDictionary<string, string> metadata, string source) =>
        metadata.TryGetValue(MetadataKey, out string? json) ? Read(json, $"{source}, metadata '{MetadataKey}'") : null;

    /// <param name="json">The text.</param>
    /// <param name="source">Its source, for messages.</param>
    /// <exception cref="FormatException">The text is no JSON, or a value is missing or out of range; the message names it.</exception>
    public static ImagePreprocessing Read(string json, string source)
    {
        ImagePreprocessing preprocessing;
        try
        {
            preprocessing =
                JsonSerializer.Deserialize(json, BackboneJson.Default.PreprocessingText)?.ToPreprocessing()
                ?? throw new FormatException($"{source}: the preprocessing is null, expected an object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{source}: the preprocessing cannot be read: {e.Message}", e);
        }
        return PreprocessingCheck.Problem(preprocessing) is string problem
            ? throw new FormatException($"{source}: {problem}")
            : preprocessing;
    }
}
