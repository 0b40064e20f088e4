using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Models at which ONNX Runtime would end the process never reach it.</summary>
public sealed class HostileModelStory : IDisposable
{
    private readonly ShapeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Attention", "kv_num_heads", 0)]
    [InlineData("Split", "num_outputs", 7)]
    [InlineData("TfIdfVectorizer", "max_skip_count", 1L << 32)]
    public void A_model_whose_attribute_cannot_be_is_refused(string op, string attribute, long value)
    {
        string file = _folder.File("model.onnx");
        new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 23 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 4)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, 4)],
            Nodes = [OnnxNode.Create(op, ["x", "x", "x"], ["y"], OnnxAttribute.Of(attribute, value))],
            Initializers = new Dictionary<string, OnnxTensor>(),
        }.Save(file);

        OnnxFormatException error = Assert.Throws<OnnxFormatException>(() => new MLContext().Model.OpenOnnx(file));

        Assert.Contains("model.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{op} 'y': its attribute '{attribute}'", error.Message, StringComparison.Ordinal);
    }
}
