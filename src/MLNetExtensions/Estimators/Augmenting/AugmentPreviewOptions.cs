using MLNetExtensions.Augmentations;

namespace MLNetExtensions.Estimators.Augmenting;

/// <summary>Settings of <c>ml.Vision().PreviewAugmentation</c>. Immutable.</summary>
public sealed record AugmentPreviewOptions
{
    /// <summary>The picture column: an image, a path (text) or encoded bytes.</summary>
    /// <value>The default is <c>ImagePath</c>.</value>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>How many pictures, from the first row on.</summary>
    /// <value>The default is 4.</value>
    public int Pictures { get; init => field = Arguments.InRange(value, 1, 100); } = 4;

    /// <summary>How many draws of each.</summary>
    /// <value>The default is 6.</value>
    public int Draws { get; init => field = Arguments.InRange(value, 1, 100); } = 6;

    /// <summary>The side of a tile in pixels: what stands for the network's input.</summary>
    /// <value>The default is 160.</value>
    public int TileSize { get; init => field = Arguments.InRange(value, 8, 2048); } = 160;

    /// <summary>The seed of the draws.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }
}
