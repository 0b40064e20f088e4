using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="ImageArchiveCatalog.LoadFromImageArchive"/>, which finds images and their labels in a zip or tar file.
/// </summary>
public sealed record LoadArchiveOptions
{
    /// <summary>The source of an image's label. Folders that all images share (an archive's single top folder) do not count.</summary>
    /// <value>The default is <see cref="ImageLabelSource.FolderName"/>.</value>
    public ImageLabelSource LabelSource { get; init; } = ImageLabelSource.FolderName;

    /// <summary>The file name extensions of images, without the dot; upper and lower case are the same. Other files are skipped.</summary>
    /// <value>The default is jpg, jpeg, jpe, jfif, png, bmp, gif and webp.</value>
    public IReadOnlyList<string> Extensions { get; init; } = ["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "webp"];

    /// <summary>
    /// The patterns of images to include: an image's path in the archive must match one of them; <c>*</c> stands for any characters,
    /// <c>/</c> too.
    /// </summary>
    /// <value>The default is none: all images are included.</value>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The patterns of images to exclude: an image's path in the archive must match none of them.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The largest unpacked size of an image's file, in bytes; a larger one is an error before anything is unpacked.</summary>
    /// <value>The default is 256 MB.</value>
    public long MaxImageBytes { get; init; } = 256L << 20;
}
