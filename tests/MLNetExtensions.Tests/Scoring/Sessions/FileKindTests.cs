using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Sessions;

/// <summary>Backbones and sessions call a file that is no ONNX model what it is, as the reader of graphs does.</summary>
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
            Assert.Throws<OnnxFormatException>(() => Backbone.FromFile(file)).Message,
            Assert.Throws<OnnxFormatException>(() => new MLContext().Model.OpenOnnx(file)).Message,
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
    public void An_exported_ort_file_is_one()
    {
        string file = _folder.Add("model.onnx", SmallNetwork.Create(-1, 3, 8, 8).ToBytes());
        string ort = Path.Combine(_folder.Path, "model.ort");
        using (var options = new Microsoft.ML.OnnxRuntime.SessionOptions { OptimizedModelFilePath = ort })
        {
            options.AddSessionConfigEntry("session.save_model_format", "ORT");
            new Microsoft.ML.OnnxRuntime.InferenceSession(file, options).Dispose();
        }

        Assert.Contains(".ort", Assert.Throws<OnnxFormatException>(() => Backbone.FromFile(ort)).Message, StringComparison.Ordinal);
    }
}
