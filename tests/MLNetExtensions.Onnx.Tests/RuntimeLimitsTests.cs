using Google.Protobuf;
using MLNetExtensions.Onnx.Proto;
using Xunit;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.Onnx.Tests;

/// <summary>Nodes at which ONNX Runtime would end the process: a reader refuses them, and so does the look through a file.</summary>
public sealed class RuntimeLimitsTests
{
    [Theory]
    [InlineData("Attention", "kv_num_heads", 0)]
    [InlineData("Attention", "q_num_heads", 1L << 40)]
    [InlineData("Conv", "group", 0)]
    [InlineData("DepthToSpace", "blocksize", -1)]
    [InlineData("GatherND", "batch_dims", -4)]
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

    [Fact]
    public void A_file_that_is_refused_for_another_reason_is_looked_through_too()
    {
        byte[] old = Graph(OnnxNode.Create("Split", ["x"], ["y"], Of("num_outputs", 3L)), opset: 6).ToBytes();

        Assert.Contains("opset 6", Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(new MemoryStream(old))).Message);
        Assert.Contains("Split 'y': its attribute 'num_outputs' is 3", Looked(old), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_in_the_body_of_a_node_are_looked_at()
    {
        var body = new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeProto.Types.AttributeType.Graph,
            G = new GraphProto { Name = "body", Node = { Split() } },
        };

        Assert.Contains(
            "Split 's': its attribute 'num_outputs' is 3",
            Refused(OnnxNode.Create("If", ["x"], ["y"], new OnnxAttribute(body))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nodes_of_functions_are_looked_at()
    {
        var model = ModelProto.Parser.ParseFrom(Graph(OnnxNode.Create("Relu", ["x"], ["y"])).ToBytes());
        model.Functions.Add(
            new FunctionProto
            {
                Domain = "f",
                Name = "F",
                Node = { Split() },
            }
        );
        byte[] file = model.ToByteArray();

        Assert.Contains("Split 's'", Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(new MemoryStream(file))).Message);
        Assert.Contains("Split 's'", Looked(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_without_a_length_are_refused()
    {
        OnnxGraph graph = Graph(OnnxNode.Create("SplitToSequence", ["x", "split"], ["y"]));

        foreach (OnnxTensor split in new[] { OnnxTensor.FromInt64s("split", [], [0]), OnnxTensor.FromInt64s("split", [2], [2, -1]) })
            Assert.Contains(
                "SplitToSequence 'y' splits into parts of ",
                Looked((graph with { Initializers = new Dictionary<string, OnnxTensor> { ["split"] = split } }).ToBytes()),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_last_input_without_a_name_is_seen_and_in_a_body_refused()
    {
        var norm = new NodeProto
        {
            OpType = "LayerNormalization",
            Input = { "x", "x", "" },
            Output = { "y" },
        };
        var model = ModelProto.Parser.ParseFrom(Graph(OnnxNode.Create("Relu", ["x"], ["y"])).ToBytes());
        ModelProto inBody = model.Clone();
        inBody.Functions.Add(
            new FunctionProto
            {
                Domain = "f",
                Name = "F",
                Node = { norm },
            }
        );
        model.Graph.Node[0] = norm;

        Assert.True(OnnxFileCheck.Check(model.ToByteArray(), "file", folder: null));
        Assert.Contains("leaves out its last input by an empty name", Looked(inBody.ToByteArray()), StringComparison.Ordinal);
    }

    private static NodeProto Split() =>
        new()
        {
            OpType = "Split",
            Input = { "x" },
            Output = { "s" },
            Attribute = { Of("num_outputs", 3L).Proto },
        };

    private static string Looked(byte[] file) =>
        Assert.Throws<OnnxFormatException>(() => OnnxFileCheck.Check(file, "file", folder: null)).Message;

    /// <summary>What the reader says, which the look through the file says too.</summary>
    private static string Refused(OnnxNode node)
    {
        string message = Assert.Throws<OnnxFormatException>(() => Reread(node)).Message;
        string said = Looked(Graph(node).ToBytes());
        // Both name the file at first.
        const string Begin = "can be used: ";
        Assert.Equal(message[message.IndexOf(Begin, StringComparison.Ordinal)..], said[said.IndexOf(Begin, StringComparison.Ordinal)..]);
        return message;
    }

    private static OnnxNode Reread(OnnxNode node) => OnnxGraph.Load(new MemoryStream(Graph(node).ToBytes())).Nodes[0];

    private static OnnxGraph Graph(OnnxNode node, int opset = 23) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 4)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, 4)],
            Nodes = [node],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };
}
