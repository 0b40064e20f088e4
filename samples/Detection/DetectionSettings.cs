namespace DetectionSample;

/// <summary>The settings of a run.</summary>
internal sealed record DetectionSettings
{
    /// <summary>The COCO JSON file of the images to train on; null draws some.</summary>
    public string? Coco { get; init; }

    /// <summary>The folder that the file's image names start from; null for the file's own.</summary>
    public string? Images { get; init; }

    /// <summary>The COCO JSON file of the images to measure; null for a fifth of the others.</summary>
    public string? Test { get; init; }

    /// <summary>The pretrained network, an ONNX file; null for an ImageNet ResNet-18.</summary>
    public string? Backbone { get; init; }

    /// <summary>The width and height of the network's input; null: that of the drawn images, or 320.</summary>
    public int? Size { get; init; }

    /// <summary>Passes over the images; null for as many as suit them.</summary>
    public int? Epochs { get; init; }

    /// <summary>The folder that gets the model, its ONNX file and pictures of what it finds.</summary>
    public string Output { get; init; } = "detector";

    /// <summary>Fixes every random draw.</summary>
    public int Seed { get; init; } = 1;
}
