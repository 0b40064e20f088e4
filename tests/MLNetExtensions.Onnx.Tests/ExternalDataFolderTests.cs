using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests;

/// <summary>Models whose weights lie beside them, behind links as caches of downloads and mounted volumes have them.</summary>
public sealed class ExternalDataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Links_to_model_and_data_are_followed() => AssertOpens(SplitModel.InCache(_folder.Path));

    [Fact]
    public void Links_to_folders_are_followed() => Assert.All(SplitModel.InVolume(_folder.Path), AssertOpens);

    [Fact]
    public void A_link_out_of_the_folder_is_refused()
    {
        string model = SplitModel.WithDataElsewhere(_folder.Path, _other.Path);
        Assert.Contains(
            "leads out of the model's folder",
            Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(model)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_root_is_a_folder_as_any()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs a root folder to write to");
        string name = $"mlnetextensions-{Guid.NewGuid():N}";
        string model = "/" + name,
            data = model + "_data";
        try
        {
            SplitModel.Write("/", name, name + "_data", name + "_data");
            AssertOpens(model);
        }
        finally
        {
            File.Delete(model);
            File.Delete(data);
        }
    }

    private static void AssertOpens(string model) => Assert.Equal([1f, 2f, 3f], OnnxGraph.Load(model).Initializers["w"].ToFloats());
}
