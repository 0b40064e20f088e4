using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Checking;

/// <summary>A file that is no ONNX model is called what it is, with the way to the model.</summary>
public sealed class FileKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(OtherFiles.All), MemberType = typeof(OtherFiles))]
    public void Other_files_are_called_what_they_are(string what, string advice, byte[] bytes)
    {
        string file = _folder.Add("model.onnx", bytes);
        string[] messages =
        [
            Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(file)).Message,
            Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(new MemoryStream(bytes))).Message,
        ];

        Assert.All(
            messages,
            message =>
            {
                Assert.Contains(what, message, StringComparison.Ordinal);
                Assert.Contains(advice, message, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Contains(
            "is a folder",
            Assert.Throws<FileNotFoundException>(() => OnnxGraph.Load(_folder.Path)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_model_is_none_of_them() =>
        Assert.Equal("probability", OnnxGraph.Load(_folder.Add("model.onnx", SmallNetwork.Create(-1, 3, 8, 8).ToBytes())).Outputs[0].Name);
}
