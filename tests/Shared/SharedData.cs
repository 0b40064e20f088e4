namespace MLNetExtensions.TestData;

/// <summary>Finds the repository and the reference material (<c>../shared</c>) that lies beside it on some machines.</summary>
internal static class SharedData
{
    /// <summary>The repository's root: the nearest folder above the tests that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The full path of something in ../shared, whether it exists or not.</summary>
    public static string PathOf(params string[] parts) => Path.GetFullPath(Path.Combine([RepositoryRoot, "..", "shared", .. parts]));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MLNetExtensions.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no MLNetExtensions.slnx in any folder above {AppContext.BaseDirectory}");
    }
}
