namespace MLNetExtensions.Faults.Formats;

/// <summary>Files of the folder <c>Corpus</c>, and the images of <c>tests/Photos</c>.</summary>
internal static class FuzzCorpus
{
    public static IReadOnlyList<byte[]> Read(string folder, string pattern) =>
        [
            .. new[] { folder, "photos" }
                .Select(name => Path.Combine(AppContext.BaseDirectory, "Corpus", name))
                .Where(Directory.Exists)
                .SelectMany(path => Directory.EnumerateFiles(path, pattern))
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
        ];
}
