using MLNetExtensions.ModelBuilder.Configuration;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Configuration;

public sealed class ConfigPathsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(@"images\small", "project/images/small")]
    [InlineData(@"..\data", "data")]
    [InlineData("../data", "data")]
    [InlineData(@"C:\Users\Someone\repos\project\images\small", "project/images/small")]
    [InlineData(@"D:\repos\data", "data")]
    [InlineData("/home/someone/images/small", "project/images/small")]
    [InlineData(@"\\server\share\data", "data")]
    public void A_path_of_another_machine_is_found_beside_the_configuration(string path, string expected)
    {
        string project = Directory.CreateDirectory(Path.Combine(_folder.Path, "project")).FullName;
        string wanted = Directory.CreateDirectory(Path.Combine(_folder.Path, expected.Replace('/', Path.DirectorySeparatorChar))).FullName;

        Assert.Equal(wanted, ConfigPaths.FindFolder(path, project));
    }

    [Fact]
    public void A_path_that_exists_is_taken_as_it_is()
    {
        string images = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere", "images")).FullName;
        string project = Directory.CreateDirectory(Path.Combine(_folder.Path, "project", "images")).Parent!.FullName;

        Assert.Equal(images, ConfigPaths.FindFolder(images, project));
    }

    [Theory]
    [InlineData(@"C:\Users\Someone\pictures")]
    [InlineData("pictures")]
    public void A_folder_that_is_nowhere_is_not_found(string path) => Assert.Null(ConfigPaths.FindFolder(path, _folder.Path));
}
