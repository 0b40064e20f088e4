namespace SegmentationSample;

/// <summary>What an application reads of an image's mask.</summary>
internal sealed class SegmentedImage
{
    public string ImagePath { get; set; } = "";

    /// <summary>The index of each pixel's class, row after row, in the image's own size.</summary>
    public byte[] PredictedMask { get; set; } = [];
}
