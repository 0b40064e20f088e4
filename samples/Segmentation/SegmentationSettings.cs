namespace SegmentationSample;

/// <summary>The settings of a run.</summary>
internal sealed record SegmentationSettings
{
    /// <summary>The folder of the images; null draws some.</summary>
    public string? Images { get; init; }

    /// <summary>The folder of their masks: PNG files of class indices, with the names of the images.</summary>
    public string? Masks { get; init; }

    /// <summary>The names of the classes by index.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The pretrained network, an ONNX file; null for an ImageNet ResNet-18.</summary>
    public string? Backbone { get; init; }

    /// <summary>The width and height of the network's input; null: that of the drawn images, or 320.</summary>
    public int? Size { get; init; }

    /// <summary>Passes over the images; null for as many as suit them.</summary>
    public int? Epochs { get; init; }

    /// <summary>The folder that gets the model, its ONNX file and images with their masks.</summary>
    public string Output { get; init; } = "segmenter";

    /// <summary>Fixes every random draw.</summary>
    public int Seed { get; init; } = 1;
}
