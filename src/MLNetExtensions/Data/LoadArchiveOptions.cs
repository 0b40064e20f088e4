using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>How <see cref="VisionCatalog.LoadArchive"/> finds pictures in a zip or tar file, and their labels.</summary>
public sealed record LoadArchiveOptions
{
    /// <summary>Where a picture's label comes from. Folders that all pictures share (an archive's single top folder) do not count.</summary>
    /// <value>The default is <see cref="ImageLabelSource.FolderName"/>.</value>
    public ImageLabelSource LabelSource { get; init; } = ImageLabelSource.FolderName;

    /// <summary>The file name extensions of pictures, without the dot; upper and lower case are the same. Other files are passed over.</summary>
    /// <value>The default is jpg, jpeg, jpe, jfif, png, bmp, gif and webp.</value>
    public IReadOnlyList<string> Extensions { get; init; } = ["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "webp"];

    /// <summary>Patterns of which a picture's path in the archive must match one; <c>*</c> stands for any characters, <c>/</c> too.</summary>
    /// <value>The default is none: all pictures count.</value>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of which a picture's path in the archive must match none.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The most bytes that a picture's file may have, unpacked; more is an error before anything is unpacked.</summary>
    /// <value>The default is 256 MB.</value>
    public long MaxPictureBytes { get; init; } = 256L << 20;
}
