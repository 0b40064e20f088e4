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
        string folder = Directory.CreateTempSubdirectory().FullName;
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraries.LoadLibtorch([folder], NativeLibraries.FolderVariable));
        Assert.Contains(NativeLibraries.FolderVariable, error.Message);
        Assert.Contains(folder, error.Message);
        Directory.Delete(folder);
    }

    [Fact]
    public void Missing_packages_are_named()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraries.LoadLibtorch(["/nowhere"], required: null));
        Assert.Contains("TorchSharp-cpu", error.Message);
        Assert.Contains("TorchSharp-cuda", error.Message);
        Assert.Contains("/nowhere", error.Message);
    }

    [Fact]
    public void Copies_written_at_once_are_one_whole_file()
    {
        byte[] content = new byte[100_000];
        Random.Shared.NextBytes(content);
        string[] paths = new string[8];
        Parallel.For(0, paths.Length, i => paths[i] = NativeLibraries.WriteCopy(content, "library.so"));
        string path = Assert.Single(paths.Distinct());
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        byte[] content = Guid.NewGuid().ToByteArray();
        string path = NativeLibraries.WriteCopy(content, "library.so");
        File.WriteAllBytes(path, [1]);
        Assert.Equal(path, NativeLibraries.WriteCopy(content, "library.so"));
        Assert.Equal(content, File.ReadAllBytes(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
