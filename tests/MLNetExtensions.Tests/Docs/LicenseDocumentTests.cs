using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

public sealed class LicenseDocumentTests
{
    private const string Switch = "MLNETX_WRITE_DOCS";

    public LicenseDocumentTests() =>
        Assert.SkipUnless(File.Exists(LicenseDocument.AssetsFile), "needs the packages that a restore of the sources brings");

    [Fact]
    public void All_packages_have_a_permissive_license() =>
        Assert.All(LicenseDocument.Packages(), package => Assert.Contains(package.License, LicenseDocument.Permissive));

    [Fact]
    public void The_page_of_licenses_is_what_the_packages_say()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "licenses.md"),
            expected = LicenseDocument.Write(LicenseDocument.Packages());
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, expected);

        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == expected,
            $"docs/licenses.md is not what the packages say. Write it with\n{Switch}=1 dotnet run -c Release "
                + "--project tests/MLNetExtensions.Tests -- -class '*LicenseDocumentTests'"
        );
    }
}
