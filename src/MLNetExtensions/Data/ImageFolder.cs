namespace MLNetExtensions.Data;

/// <summary>Lists the pictures of a folder with their labels, in the ordinal order of their paths.</summary>
internal static class ImageFolder
{
    /// <returns>The full path of each picture, and its label; the empty string with <see cref="ImageLabelSource.None"/>.</returns>
    public static List<(string Path, string Label)> List(string folder, LoadFolderOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string root = Path.GetFullPath(folder);
        if (File.Exists(root))
            throw new DirectoryNotFoundException($"'{root}' is a file, not a folder of pictures.");
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}'. Expected a folder with {Expected(options)}.");

        bool byFolder = options.LabelSource == ImageLabelSource.FolderName;
        string[] classes = byFolder ? Directory.GetDirectories(root, "*", Search(recursive: false)) : [];
        if (byFolder && classes.Length == 0)
            throw new DirectoryNotFoundException($"The folder '{root}' has no sub-folders. Expected {Expected(options)}; " +
                "for other layouts set LoadFolderOptions.LabelSource.");

        HashSet<string> extensions = new(options.Extensions.Select(extension => "." + extension.TrimStart('.')), StringComparer.OrdinalIgnoreCase);
        List<(string Path, string Label)> pictures = [];
        foreach (string path in Directory.EnumerateFiles(root, "*", Search(recursive: !byFolder && options.Recursive)).Where(IsPicture))
            pictures.Add((path, LabelOf(path, options.LabelSource)));
        foreach (string sub in classes)
            foreach (string path in Directory.EnumerateFiles(sub, "*", Search(options.Recursive)).Where(IsPicture))
                pictures.Add((path, Path.GetFileName(sub)));
        if (pictures.Count == 0)
            throw new FileNotFoundException($"The folder '{root}' holds no pictures. Expected {Expected(options)}.");
        pictures.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return pictures;

        bool IsPicture(string path) => extensions.Contains(Path.GetExtension(path));
    }

    private static string LabelOf(string path, ImageLabelSource source)
    {
        switch (source)
        {
            case ImageLabelSource.None:
                return "";
            case ImageLabelSource.FileNamePrefix:
                string name = Path.GetFileNameWithoutExtension(path);
                int end = name.AsSpan().IndexOfAny("0123456789._- ");
                if (end == 0)
                    throw new InvalidDataException($"The picture '{path}' has no label: its file name does not begin with one. " +
                        "Rename it (label_1.jpg) or set LoadFolderOptions.LabelSource to another source.");
                return end < 0 ? name : name[..end];
            default:
                throw new InvalidDataException($"The picture '{path}' has no label: it lies beside the sub-folders, not in one. " +
                    "Move it into the sub-folder of its label, or set LoadFolderOptions.LabelSource to another source.");
        }
    }

    // Hidden files and folders (.git, .thumbnails) are none of the user's pictures; what may not be read is an error, not a gap.
    private static EnumerationOptions Search(bool recursive) =>
        new() { RecurseSubdirectories = recursive, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private static string Expected(LoadFolderOptions options)
    {
        string files = $"files (*.{string.Join(", *.", options.Extensions)})";
        return options.LabelSource == ImageLabelSource.FolderName ? $"a sub-folder for each label with {files} in it" : files;
    }
}
