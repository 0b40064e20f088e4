namespace MLNetExtensions.Tool.Data;

/// <summary>An image's file and its class.</summary>
internal sealed class LabeledImage
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";
}
