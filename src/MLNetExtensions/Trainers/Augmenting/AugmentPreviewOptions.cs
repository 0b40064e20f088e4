using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>Settings of <c>ml.Vision().PreviewAugmentation</c>. Immutable.</summary>
public sealed record AugmentPreviewOptions
{
    /// <summary>The image column: an image, a path (text) or encoded bytes.</summary>
    /// <value>The default is <c>ImagePath</c>.</value>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// The channels to augment: <see cref="ImageChannelOrder.Gray"/> for networks of gray images, <see cref="ImageChannelOrder.Rgba"/> for
    /// those with alpha. The order of colors does not matter here.
    /// </summary>
    /// <value>The default is <see cref="ImageChannelOrder.Rgb"/>.</value>
    public ImageChannelOrder Channels { get; init; } = ImageChannelOrder.Rgb;

    /// <summary>The number of images, counted from the first row.</summary>
    /// <value>The default is 4.</value>
    public int Images { get; init; } = 4;

    /// <summary>The number of random draws for each image.</summary>
    /// <value>The default is 6.</value>
    public int Draws { get; init; } = 6;

    /// <summary>The side of a tile in pixels, in place of the network's input size.</summary>
    /// <value>The default is 160.</value>
    public int TileSize { get; init; } = 160;

    /// <summary>The seed of the draws.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <summary>Records settings that are out of range.</summary>
    internal void Check(OptionProblems problems)
    {
        problems.Check(Enum.IsDefined(Channels), nameof(Channels), Channels, string.Join(", ", Enum.GetNames<ImageChannelOrder>()));
        problems.Check(Images is >= 1 and <= 100, nameof(Images), Images, "1 to 100");
        problems.Check(Draws is >= 1 and <= 100, nameof(Draws), Draws, "1 to 100");
        problems.Check(TileSize is >= 8 and <= 2048, nameof(TileSize), TileSize, "8 to 2048");
    }
}
