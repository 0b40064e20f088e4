using Xunit;

namespace MLNetExtensions.TestData;

internal static partial class SharedData
{
    /// <summary>The full path of something in ../shared; skips the running test, with the reason, where it is not there.</summary>
    public static string Require(params string[] parts)
    {
        string path = PathOf(parts);
        Assert.SkipUnless(Path.Exists(path), $"needs reference material that is not on this machine: ../shared/{string.Join('/', parts)}");
        return path;
    }
}
