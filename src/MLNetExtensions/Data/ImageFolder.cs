using System.IO.Enumeration;
using MLNetExtensions.Data.Sources;

namespace MLNetExtensions.Data;

/// <summary>Lists the images of folders with their labels, in the ordinal order of their paths.</summary>
internal static class ImageFolder
{
    /// <param name="folders">The folders.</param>
    /// <param name="options">The files to include.</param>
    /// <param name="leftOut">Receives their other files.</param>
    /// <returns>The full path of each image, and its label; the empty string with <see cref="ImageLabelSource.None"/>.</returns>
    public static List<(string Path, string Label)> List(IReadOnlyList<string> folders, LoadFolderOptions options, LeftOutFiles leftOut)
    {
        List<(string Path, string Label)> images = [];
        List<string> roots = [];
        foreach (string folder in folders)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(folder);
            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            // An image that two roots have would be trained on twice, or stand on both sides of a split.
            if (roots.Find(other => FilePath.IsWithin(root, other) || FilePath.IsWithin(other, root)) is { } overlapping)
                throw new ArgumentException($"The folders '{overlapping}' and '{root}' overlap; list each image once.", nameof(folders));
            roots.Add(root);
            AddImages(root, options, images, leftOut);
        }
        if (images.Count == 0)
            throw new FileNotFoundException($"The folder '{string.Join("', '", roots)}' holds no images. Expected {Expected(options)}.");
        images.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return images;
    }

    private static void AddImages(string root, LoadFolderOptions options, List<(string Path, string Label)> images, LeftOutFiles leftOut)
    {
        if (File.Exists(root))
            throw new DirectoryNotFoundException($"'{root}' is a file, not a folder of images.");
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}'. Expected a folder with {Expected(options)}.");
        bool byFolder = ByFolder(options);
        string[] folders = byFolder ? Directory.GetDirectories(root, "*", Search(depth: 0)) : [];
        if (byFolder && folders.Length == 0)
            throw new DirectoryNotFoundException(
                $"The folder '{root}' has no sub-folders. Expected {Expected(options)}; "
                    + "for other layouts set LoadFolderOptions.LabelSource."
            );

        var filter = new ImageFilter(options.Extensions, options.Include, options.Exclude);
        int depth =
            options.Recursive ? int.MaxValue
            : byFolder ? 1
            : 0;
        foreach (string path in Files(root, Search(depth)))
        {
            string relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (filter.Accepts(relative))
                images.Add((path, ImageLabels.Of(relative, options.LabelSource, path)));
            else if (filter.IsWanted(relative))
                leftOut.Add(relative);
        }
        // A folder of which patterns leave nothing is left out on purpose.
        if (options.Include.Count == 0 && options.Exclude.Count == 0)
            leftOut.AddFolders(folders.Select(folder => Path.GetFileName(folder)), images.Select(image => image.Label));
    }

    private static FileSystemEnumerable<string> Files(string root, EnumerationOptions options) =>
        new(root, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
            {
                if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    return true;
                string link = entry.ToFullPath();
                return
                    new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true) is not { } target
                    || !FilePath.IsWithin(link, Path.TrimEndingDirectorySeparator(target.FullName))
                    ? true
                    : throw new InvalidDataException(
                        $"The link '{link}' leads back to '{target.FullName}', in which it lies: its images would be listed again and "
                            + $"again. "
                            + "Remove it, or set LoadFolderOptions.Recursive = false."
                    );
            },
        };

    private static bool ByFolder(LoadFolderOptions options) =>
        options.LabelSource is not (ImageLabelSource.None or ImageLabelSource.FileNamePrefix);

    // Hidden files and folders (.git, .thumbnails) are none of the user's images; what may not be read is an error, not a gap.
    private static EnumerationOptions Search(int depth) =>
        new()
        {
            RecurseSubdirectories = depth > 0,
            MaxRecursionDepth = depth,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };

    private static string Expected(LoadFolderOptions options)
    {
        string files = $"files ({new ImageFilter(options.Extensions, options.Include, options.Exclude)})";
        return ByFolder(options) ? $"a sub-folder for each label with {files} in it" : files;
    }
}
