using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Onnx.Tests;

public sealed class LinkedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Links_of_links_lead_to_the_file()
    {
        string file = _folder.Add("data.bin", new byte[1234]),
            link = Path.Combine(_folder.Path, "link"),
            second = Path.Combine(_folder.Path, "second");
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(second, "link");

        Assert.Equal(1234, LinkedFile.Follow(second).Length);
        Assert.Equal(file, LinkedFile.Follow(file).FullName);
    }

    [Fact]
    public void A_link_to_nothing_is_no_file()
    {
        string link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, Path.Combine(_folder.Path, "gone"));

        Assert.False(LinkedFile.Follow(link).Exists);
        Assert.False(LinkedFile.Follow(Path.Combine(_folder.Path, "none")).Exists);
    }
}
