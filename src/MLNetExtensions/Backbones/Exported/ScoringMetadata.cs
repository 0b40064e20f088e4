using System.Text.Json;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones.Exported;

/// <summary>The <c>metadata_props</c> of an exported model.</summary>
internal static class ScoringMetadata
{
    /// <summary>The key of the classes' names, a JSON array of texts in the order of the output.</summary>
    public const string LabelsKey = "mlnetextensions.labels";

    /// <summary>The key of the name of the input with the images' widths and heights.</summary>
    public const string SizeInputKey = "mlnetextensions.imagesize";

    /// <summary>The entries of a model.</summary>
    /// <param name="preprocessing">The preprocessing that the network inside expects.</param>
    /// <param name="labels">The names of classes or labels; null for a model without any.</param>
    public static IReadOnlyDictionary<string, string> Of(ImagePreprocessing preprocessing, IReadOnlyList<string>? labels = null)
    {
        // Crop, channel order and arithmetic are nodes of the exported model; left to its callers is only the way to the canvas.
        ImagePreprocessing remaining = preprocessing.WithRawPixels() with
        {
            Width = preprocessing.CanvasWidth,
            Height = preprocessing.CanvasHeight,
            CropFraction = 1,
            Channels = ImagePreprocessing.OrderOf(preprocessing.ChannelCount),
            ChannelsLast = false,
        };
        var metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = PreprocessingJson.Write(remaining) };
        if (labels is not null)
            metadata[LabelsKey] = JsonSerializer.Serialize([.. labels], LabelsJson.Default.StringArray);
        return metadata;
    }

    /// <summary>True if a model states its preprocessing.</summary>
    public static bool HasPreprocessing(OnnxGraph graph) => graph.Metadata.ContainsKey(PreprocessingJson.MetadataKey);

    /// <summary>Reads a model's preprocessing.</summary>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="source">Its name in messages.</param>
    /// <exception cref="OnnxFormatException">It does not say, or cannot be read.</exception>
    public static ImagePreprocessing Preprocessing(IReadOnlyDictionary<string, string> metadata, string source)
    {
        try
        {
            return PreprocessingJson.Find(metadata, $"The model {source}")
                ?? throw new OnnxFormatException(
                    $"The model {source} has no metadata '{PreprocessingJson.MetadataKey}', so how images become its input is not known. "
                        + "Expected a model that this library exported: Save of a transformer's Model, or ml.Model.Save of its "
                        + "pipeline. For another ONNX file, make a ScoreOnnx step of it with "
                        + "OnnxInput.Preprocessing and a ClassificationDecoding, and take the file that the fitted step's ExportOnnx "
                        + "writes."
                );
        }
        catch (FormatException e)
        {
            throw new OnnxFormatException(e.Message, e);
        }
    }

    /// <summary>The names of a model's classes or labels; empty if it has none.</summary>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="source">Its name in messages.</param>
    /// <exception cref="OnnxFormatException">They cannot be read.</exception>
    public static IReadOnlyList<string> Labels(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(LabelsKey, out string? json))
            return [];
        try
        {
            return LabelList.ReadJson(json, $"The model {source}: the metadata '{LabelsKey}'");
        }
        catch (InvalidDataException e)
        {
            throw new OnnxFormatException(e.Message, e);
        }
    }
}
