using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests.Native;

public class NativeLibrariesTests
{
    [Fact]
    public void TorchSharp_computes()
    {
        using Tensor sum = torch.ones(3).sum();
        Assert.Equal(3, sum.item<float>());
    }

    [Fact]
    public void A_named_folder_without_libtorch_is_named_with_the_file()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraries.LoadLibtorch([folder.Path], NativeLibraries.FolderVariable));
        Assert.Contains(NativeLibraries.FolderVariable, error.Message);
        Assert.Contains(folder.Path, error.Message);
    }

    [Fact]
    public void Missing_packages_are_named()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraries.LoadLibtorch(["/nowhere"], required: null));
        Assert.Contains("TorchSharp-cpu", error.Message);
        Assert.Contains("TorchSharp-cuda", error.Message);
        Assert.Contains("/nowhere", error.Message);
    }
}
