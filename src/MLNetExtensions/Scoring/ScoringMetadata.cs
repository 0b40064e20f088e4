using System.Text.Json;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring;

/// <summary>What an exported model says about itself in its <c>metadata_props</c>.</summary>
internal static class ScoringMetadata
{
    /// <summary>The key of the classes' names, a JSON array of texts in the order of the output.</summary>
    public const string LabelsKey = "mlnetextensions.labels";

    /// <summary>The entries of a model.</summary>
    /// <param name="preprocessing">What the network inside expects.</param>
    /// <param name="labels">The names of classes or labels; null for a model without any.</param>
    public static IReadOnlyDictionary<string, string> Of(ImagePreprocessing preprocessing, IReadOnlyList<string>? labels = null)
    {
        // Crop, channel order and arithmetic are nodes of the exported model; left to its callers is only the way to the canvas.
        ImagePreprocessing remaining = preprocessing with
        {
            Width = preprocessing.CanvasWidth,
            Height = preprocessing.CanvasHeight,
            CropPercentage = 1,
            Channels = ImageChannelOrder.Rgb,
            ChannelsLast = false,
            Scale = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };
        var metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = PreprocessingJson.Write(remaining) };
        if (labels is not null)
            metadata[LabelsKey] = JsonSerializer.Serialize(labels);
        return metadata;
    }
}
