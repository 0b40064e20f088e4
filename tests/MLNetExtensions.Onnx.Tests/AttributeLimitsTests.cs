using Xunit;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.Onnx.Tests;

/// <summary>Attributes that ONNX Runtime divides by, or asks for memory by; and an input that it reads through.</summary>
public sealed class AttributeLimitsTests
{
    [Theory]
    [InlineData("Attention", "kv_num_heads", 0)]
    [InlineData("Attention", "q_num_heads", 1L << 40)]
    [InlineData("Conv", "group", 0)]
    [InlineData("DepthToSpace", "blocksize", -1)]
    [InlineData("Split", "num_outputs", 0)]
    [InlineData("Split", "num_outputs", 3)]
    [InlineData("TfIdfVectorizer", "max_skip_count", 1L << 32)]
    public void A_count_that_cannot_be_is_refused(string op, string attribute, long count) =>
        Assert.Contains(
            FormattableString.Invariant($"{op} 'y': its attribute '{attribute}' is {count}"),
            Refused(OnnxNode.Create(op, ["x", "x", "x"], ["y"], Of(attribute, count))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_vocabulary_of_billions_is_refused() =>
        Assert.Contains(
            "'ngram_indexes' has 4294967296",
            Refused(OnnxNode.Create("TfIdfVectorizer", ["x"], ["y"], Of("ngram_indexes", 0L, 1L << 32))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("DequantizeLinear", "block_size")]
    [InlineData("RotaryEmbedding", "num_heads")]
    public void Zero_stands_for_none(string op, string attribute) =>
        Assert.Equal(0, Reread(OnnxNode.Create(op, ["x", "x", "x"], ["y"], Of(attribute, 0L))).Int(attribute, 1));

    [Fact]
    public void A_bias_without_a_name_is_not_written() =>
        Assert.Equal(["x", "x"], Reread(OnnxNode.Create("LayerNormalization", ["x", "x", ""], ["y"])).Inputs);

    private static string Refused(OnnxNode node) => Assert.Throws<OnnxFormatException>(() => Reread(node)).Message;

    private static OnnxNode Reread(OnnxNode node) =>
        OnnxGraph
            .Load(
                new MemoryStream(
                    new OnnxGraph
                    {
                        Opsets = new Dictionary<string, int> { [""] = 23 },
                        Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 4)],
                        Outputs = [OnnxValue.Create("y", OnnxElementType.Float, 4)],
                        Nodes = [node],
                        Initializers = new Dictionary<string, OnnxTensor>(),
                    }.ToBytes()
                )
            )
            .Nodes[0];
}
