namespace MLNetExtensions.Data.Sources;

/// <summary>Collects an archive's images and refuses entries that no honest archive of images has.</summary>
internal sealed class ArchiveEntries(string archive, LoadArchiveOptions options)
{
    private readonly ImageFilter _filter = new(options.Extensions, options.Include, options.Exclude);

    private readonly List<string> _others = [];

    public List<ArchiveEntry> Images { get; } = [];

    /// <summary>Adds an entry where it is an image.</summary>
    /// <param name="rawName">The name that the archive gives.</param>
    /// <param name="index">Its place among all entries.</param>
    /// <param name="length">Its size, unpacked.</param>
    /// <param name="offset">The position of its bytes in the file; -1 if they are compressed.</param>
    /// <param name="notAFile">Its kind if it is not an ordinary file, such as "a link".</param>
    /// <exception cref="InvalidDataException">It must not be read.</exception>
    public void Add(string rawName, int index, long length, long offset = -1, string? notAFile = null)
    {
        string name = rawName.Replace('\\', '/');
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name[2..];
        string[] parts = name.Split('/');
        // Files that systems add by themselves are not the user's images, as in a folder.
        if (parts.Any(part => part is "__MACOSX" || (part.StartsWith('.') && part is not "..")))
            return;
        if (!_filter.Accepts(name))
        {
            if (parts[^1].Length > 0 && _filter.IsWanted(name))
                _others.Add(name);
            return;
        }
        if (name.StartsWith('/') || parts.Contains("..") || parts[0].EndsWith(':'))
            throw Refused(rawName, "its path leads out of the archive");
        if (notAFile is not null)
            throw Refused(rawName, $"it is {notAFile}; only the files themselves are read");
        if (length > options.MaxImageBytes)
            throw Refused(rawName, $"it has {length} bytes unpacked, more than MaxImageBytes = {options.MaxImageBytes}");
        Images.Add(new ArchiveEntry(name, index, length, offset));
    }

    /// <summary>The label of each image.</summary>
    /// <exception cref="FileNotFoundException">There are no images.</exception>
    /// <exception cref="InvalidDataException">An image has no label.</exception>
    public string[] Labels()
    {
        if (Images.Count == 0)
            throw new FileNotFoundException($"The archive '{archive}' holds no images ({_filter}).");
        int shared = SharedFolders();
        return [.. Images.Select(image => ImageLabels.Of(image.Name[shared..], options.LabelSource, $"{archive}/{image.Name}"))];
    }

    /// <summary>The other files in the archive.</summary>
    public LeftOutFiles LeftOut(IReadOnlyList<string> labels)
    {
        var leftOut = new LeftOutFiles(options.LabelSource == ImageLabelSource.FolderName);
        int shared = SharedFolders();
        string[] names =
        [
            .. _others.Select(name =>
                name.Length > shared && name.StartsWith(Images[0].Name[..shared], StringComparison.Ordinal) ? name[shared..] : name
            ),
        ];
        foreach (string name in names)
            leftOut.Add(name);
        if (options.Include.Count == 0 && options.Exclude.Count == 0)
            leftOut.AddFolders(
                names
                    .Where(name => name.Contains('/', StringComparison.Ordinal))
                    .Select(name => name[..name.IndexOf('/', StringComparison.Ordinal)]),
                labels
            );
        return leftOut;
    }

    /// <summary>The length of the folders that all images lie in; where they lie in one folder, that one is a label.</summary>
    private int SharedFolders()
    {
        string first = Images[0].Name;
        int shared = first.LastIndexOf('/') + 1;
        bool areInOneFolder = true;
        foreach (ArchiveEntry image in Images)
        {
            int common = first.AsSpan(0, shared).CommonPrefixLength(image.Name);
            areInOneFolder &= common == shared && image.Name.LastIndexOf('/') + 1 == shared;
            shared = first.AsSpan(0, common).LastIndexOf('/') + 1;
        }
        return areInOneFolder && shared > 0 ? first.AsSpan(0, shared - 1).LastIndexOf('/') + 1 : shared;
    }

    private InvalidDataException Refused(string name, string reason) =>
        new(
            $"The entry '{name}' of the archive '{archive}' is refused: {reason}. Nothing was read; repair the archive, or leave the "
                + $"entry out (Exclude)."
        );
}
