namespace MLNetExtensions.TestData.Photos;

/// <summary>The files of <c>tests/Photos</c>: one scene in every kind of image file.</summary>
internal static class PhotoFiles
{
    /// <summary>The full path of a file, such as <c>420.jpg</c>.</summary>
    public static string PathOf(string name) => Path.Combine(SharedData.RepositoryRoot, "tests", "Photos", name);

    /// <summary>The full paths of all files with an extension, such as <c>.jpg</c>; of all images where none is given.</summary>
    public static string[] All(params string[] extensions) =>
        [
            .. Directory
                .EnumerateFiles(PathOf(""))
                .Where(path =>
                    (extensions.Length == 0 ? [".jpg", ".png", ".webp", ".gif", ".bmp"] : extensions).Contains(Path.GetExtension(path))
                )
                .Order(StringComparer.Ordinal),
        ];
}
