namespace MLNetExtensions.Data;

/// <summary>The source of the label of an image in a folder or an archive.</summary>
public enum ImageLabelSource
{
    /// <summary>The name of its first-level sub-folder: <c>photos/cat/7.jpg</c> is a cat.</summary>
    FolderName,

    /// <summary>
    /// Its file name up to the first digit, dot, underscore, hyphen or space: <c>photos/cat_7.jpg</c>, <c>cat.7.jpg</c> and <c>cat7.jpg</c>
    /// are cats.
    /// </summary>
    FileNamePrefix,

    /// <summary>No labels, and no Label column.</summary>
    None,

    /// <summary>The name of the folder that it lies in: <c>photos/2024/cat/7.jpg</c> is a cat.</summary>
    ParentFolderName,

    /// <summary>The names of all its folders: the label of <c>photos/animal/cat/7.jpg</c> is <c>animal/cat</c>.</summary>
    FolderPath,
}
