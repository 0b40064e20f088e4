namespace MLNetExtensions.Tool.Predicting;

/// <summary>Names for files that are written for images, which may have one name in several folders.</summary>
internal static class CopiedFiles
{
    /// <summary>A file in a folder, which is made; of two with one name, the second gets a number.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="image">The image.</param>
    /// <param name="extension">The file's extension.</param>
    /// <param name="force">True to replace a file that exists.</param>
    public static string For(string folder, string image, string extension, bool force)
    {
        Directory.CreateDirectory(folder);
        string name = Path.GetFileNameWithoutExtension(image);
        string target = Path.Combine(folder, name + extension);
        for (int number = 2; !force && File.Exists(target); number++)
            target = Path.Combine(folder, $"{name}-{number}{extension}");
        return target;
    }
}
