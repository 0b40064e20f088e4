namespace MLNetExtensions.TestData;

/// <summary>What PyTorch, scikit-learn and Pillow compute: the files of <c>tests/Golden</c>, whose README says what each holds.</summary>
internal static class GoldenFiles
{
    /// <summary>The full path of a golden file.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([SharedData.RepositoryRoot, "tests", "Golden", .. parts]);
}
