using MLNetExtensions.Data.Sources;

namespace MLNetExtensions.Data.Masks;

/// <summary>Pairs the images of a folder with the masks of another by their names.</summary>
internal static class MaskFolders
{
    /// <summary>Pairs files whose paths below their folders agree, but for extensions and the options' suffixes.</summary>
    /// <param name="images">The folder of the images.</param>
    /// <param name="masks">The folder of the masks; it may be the same if masks have a suffix.</param>
    /// <param name="options">Suffixes, and the list of images.</param>
    /// <param name="leftOut">Receives the other files of the images' folder.</param>
    /// <exception cref="FileNotFoundException">An image has no mask, or a mask no image; the message names the first.</exception>
    public static List<(string Image, string Mask)> Pair(string images, string masks, LoadMasksOptions options, LeftOutFiles leftOut)
    {
        Dictionary<string, string> maskOf = Index(masks, ["png", "bmp"], options.MaskSuffix, new LeftOutFiles(classesAreFolders: false)),
            imageOf = Index(images, new LoadFolderOptions().Extensions, options.ImageSuffix, leftOut);
        // In one folder, masks are images too.
        HashSet<string> maskFiles = [.. maskOf.Values];
        foreach (string stem in imageOf.Where(pair => maskFiles.Contains(pair.Value)).Select(pair => pair.Key).ToArray())
            imageOf.Remove(stem);

        string[] names = options.ImageSet is { } list ? Names(list) : [.. imageOf.Keys];
        if (names.Length == 0)
            throw new FileNotFoundException($"The folder '{images}' holds no images.");
        string[] without = [.. names.Where(name => imageOf.ContainsKey(name) && !maskOf.ContainsKey(name))];
        if (without.Length > 0)
            throw new FileNotFoundException(
                $"{without.Length} of the {names.Length} images in '{images}' have no mask in '{masks}': '{imageOf[without[0]]}'"
                    + $"{(without.Length > 1 ? " ..." : "")}. Expected a .png or .bmp file named like the image with '{options.MaskSuffix}' "
                    + "behind it. Set MaskSuffix, or choose images with ImageSet."
            );
        string[] alone = [.. (options.ImageSet is null ? maskOf.Keys : names.AsEnumerable()).Where(name => !imageOf.ContainsKey(name))];
        if (alone.Length > 0)
            throw new FileNotFoundException(
                $"{alone.Length} masks or names have no image in '{images}': '{maskOf.GetValueOrDefault(alone[0], alone[0])}'"
                    + $"{(alone.Length > 1 ? " ..." : "")}. Add the images, or choose some with ImageSet."
            );
        return [.. names.Select(name => (imageOf[name], maskOf[name])).OrderBy(pair => pair.Item1, StringComparer.Ordinal)];
    }

    private static string[] Names(string list) =>
        [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal)];

    private static Dictionary<string, string> Index(string folder, IReadOnlyList<string> extensions, string suffix, LeftOutFiles leftOut)
    {
        Dictionary<string, string> index = [];
        foreach (
            (string path, _) in ImageFolder.List(
                [folder],
                new LoadFolderOptions { LabelSource = ImageLabelSource.None, Extensions = extensions },
                leftOut
            )
        )
        {
            string stem = Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace(Path.DirectorySeparatorChar, '/');
            if (!stem.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            stem = stem[..^suffix.Length];
            if (!index.TryAdd(stem, path))
                throw new InvalidDataException(
                    $"'{index[stem]}' and '{path}' differ in the extension only: it is not known which to take."
                );
        }
        return index;
    }
}
