using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>Settings of <c>ml.Vision().AugmentToFiles</c>.</summary>
public sealed class AugmentToFilesOptions
{
    /// <summary>The image column: an image, a path (text) or encoded bytes.</summary>
    /// <value>The default is <c>ImagePath</c>.</value>
    public string ImageColumnName { get; set; } = "ImagePath";

    /// <summary>The label column: text, or a key of text values. Its values become sub-folders.</summary>
    /// <value>The default is <c>Label</c>; null writes all files into one folder. A view without that column has no labels.</value>
    public string? LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>The number of augmented copies of each image.</summary>
    /// <value>The default is 1.</value>
    public int Copies { get; set; } = 1;

    /// <summary>The copies' width in pixels.</summary>
    /// <value>The default is null: the image's own.</value>
    public int? Width { get; set; }

    /// <summary>The copies' height in pixels.</summary>
    /// <value>The default is null: the image's own.</value>
    public int? Height { get; set; }

    /// <summary>
    /// The channels to augment and write: <see cref="ImageChannelOrder.Gray"/> for networks of gray images,
    /// <see cref="ImageChannelOrder.Rgba"/> for those with alpha. The order of colors does not matter here.
    /// </summary>
    /// <value>The default is <see cref="ImageChannelOrder.Rgb"/>.</value>
    public ImageChannelOrder Channels { get; set; } = ImageChannelOrder.Rgb;

    /// <summary>The JPEG quality, 1 to 100; null writes PNG files.</summary>
    /// <value>The default is 95.</value>
    public int? JpegQuality { get; set; } = 95;

    /// <summary>The largest number of unreadable images; they are skipped, listed and logged.</summary>
    /// <value>The default is 0: the first one is an error.</value>
    public int MaxInvalidImages { get; set; }

    /// <summary>The seed of the random draws, which also depend on the row and the number of the copy.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; set; }

    /// <summary>True to write into a folder that already holds files, and to replace files of the same name.</summary>
    /// <value>The default is false.</value>
    public bool Overwrite { get; set; }

    /// <summary>The number of threads.</summary>
    /// <value>The default is null: the number of cores.</value>
    public int? Threads { get; set; }

    /// <summary>Cancels the writing; files written so far are kept.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal AugmentToFilesOptions Clone() => (AugmentToFilesOptions)MemberwiseClone();

    /// <summary>Records settings that are out of range.</summary>
    internal void Check(OptionProblems problems)
    {
        problems.Check(Copies >= 1, nameof(Copies), Copies, "at least 1");
        problems.Check(Width is null or >= 1, nameof(Width), Width, "at least 1");
        problems.Check(Height is null or >= 1, nameof(Height), Height, "at least 1");
        problems.Check(JpegQuality is null or (>= 1 and <= 100), nameof(JpegQuality), JpegQuality, "between 1 and 100, or null for PNG");
        problems.Check(Enum.IsDefined(Channels), nameof(Channels), Channels, string.Join(", ", Enum.GetNames<ImageChannelOrder>()));
        problems.Check(
            JpegQuality is null || Channels is not (ImageChannelOrder.Rgba or ImageChannelOrder.Bgra),
            nameof(JpegQuality),
            JpegQuality,
            "null for PNG: JPEG has no alpha"
        );
        problems.Check(MaxInvalidImages >= 0, nameof(MaxInvalidImages), MaxInvalidImages, "at least 0");
        problems.Check(Threads is null or >= 1, nameof(Threads), Threads, "at least 1");
    }
}
