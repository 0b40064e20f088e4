using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="ImageFolderCatalog.LoadFromImageFolder(DataOperationsCatalog, string, LoadFolderOptions)"/>, which finds
/// images and their labels.
/// </summary>
public sealed record LoadFolderOptions
{
    /// <summary>The source of an image's label.</summary>
    /// <value>The default is <see cref="ImageLabelSource.FolderName"/>.</value>
    public ImageLabelSource LabelSource { get; init; } = ImageLabelSource.FolderName;

    /// <summary>The file name extensions of images, without the dot; upper and lower case are the same. Other files are skipped.</summary>
    /// <value>The default is jpg, jpeg, jpe, jfif, png, bmp, gif and webp.</value>
    public IReadOnlyList<string> Extensions { get; init; } = ["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "webp"];

    /// <summary>
    /// The patterns of images to include: an image's path below the folder must match one of them; <c>*</c> stands for any characters,
    /// <c>/</c> too.
    /// </summary>
    /// <value>The default is none: all images are included.</value>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The patterns of images to exclude: an image's path below the folder must match none of them: <c>*/drafts/*</c>.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// True to include images in nested folders. With <see cref="ImageLabelSource.FolderName"/> their label is the
    /// name of their first-level sub-folder.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Recursive { get; init; } = true;
}
