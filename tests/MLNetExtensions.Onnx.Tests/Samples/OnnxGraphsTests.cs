using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Samples;

public sealed class OnnxGraphsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_checks_cuts_and_converts()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx");
        string output = await SampleProgram.Run("OnnxGraphs", expectedExit: 0, file, _folder.Path);
        Assert.Contains("Problems: none", output, StringComparison.Ordinal);
        Assert.Contains("reads 'lost'", output, StringComparison.Ordinal);
        Assert.Contains("Opset 22: limited = Clip(image, ", output, StringComparison.Ordinal);
        OnnxGraph whole = OnnxGraph.Load(file),
            body = OnnxGraph.Load(Path.Combine(_folder.Path, "body.onnx"));
        Assert.Equal(whole.Nodes.Count - 1, body.Nodes.Count);
        Assert.Equal(OnnxGraph.MaximumOpset, OnnxGraph.Load(Path.Combine(_folder.Path, "converted.onnx")).Opset);
    }

    [Fact]
    public async Task Says_what_is_wrong()
    {
        string file = _folder.Add("model.onnx", "no model"u8);
        string output = await SampleProgram.Run("OnnxGraphs", expectedExit: 1, file, _folder.Path);
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
