using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>The options of <see cref="Microsoft.ML.PreviewCatalog.PreviewLabels"/>.</summary>
public sealed record PreviewLabelsOptions
{
    /// <summary>The column of images' paths.</summary>
    /// <value>The default is <c>ImagePath</c>.</value>
    public string ImageColumnName { get; init; } = DefaultColumnNames.ImagePath;

    /// <summary>The folder that relative paths start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>The number of images, the first of the rows; 1 to 1000.</summary>
    /// <value>The default is 12.</value>
    public int Images { get; init; } = 12;

    /// <summary>The number of images side by side; 1 to 50.</summary>
    /// <value>The default is 4.</value>
    public int Columns { get; init; } = 4;

    /// <summary>The longer side of each image, in pixels; 32 to 2048.</summary>
    /// <value>The default is 320.</value>
    public int TileSize { get; init; } = 320;

    /// <summary>The opacity of masks, 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public float MaskOpacity { get; init; } = 0.5f;

    internal void Check(OptionProblems problems)
    {
        problems.Check(Images is >= 1 and <= 1000, nameof(Images), Images, "1 to 1000");
        problems.Check(Columns is >= 1 and <= 50, nameof(Columns), Columns, "1 to 50");
        problems.Check(TileSize is >= 32 and <= 2048, nameof(TileSize), TileSize, "32 to 2048");
        problems.Check(MaskOpacity is >= 0 and <= 1, nameof(MaskOpacity), MaskOpacity, "0 to 1");
        int rows = (Math.Min(Images, 1000) + Math.Max(1, Columns) - 1) / Math.Max(1, Columns);
        problems.Check(
            (long)rows * TileSize * Columns * TileSize <= PixelDecoder.DefaultMaxPixels,
            nameof(Images),
            Images,
            $"tiles of {PixelDecoder.DefaultMaxPixels} pixels together at most"
        );
    }
}
