using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Decompositions;

public class RecurrentTests
{
    private const int Steps = 5,
        Batch = 2,
        Features = 3,
        Hidden = 4;

    public static TheoryData<string, string, bool, bool> Layers =>
        new MatrixTheoryData<string, string, bool, bool>(
            ["LSTM", "GRU", "RNN"],
            ["forward", "reverse", "bidirectional"],
            [false, true],
            [false, true]
        );

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_direction_with_and_without_bias_and_state(string op, string direction, bool bias, bool state)
    {
        NodeCase layer = Layer(op, direction, bias, state);
        LoweredGraph lowered = layer.Check();
        Assert.DoesNotContain(lowered.Graph.Nodes, n => n.OpType == op);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("bidirectional")]
    public void Gru_that_resets_after_the_product(string direction)
    {
        NodeCase layer = Layer("GRU", direction, bias: true, state: true);
        (layer with { Attributes = [.. layer.Attributes, OnnxAttribute.Of("linear_before_reset", 1)] }).Check();
    }

    [Fact]
    public void Lstm_with_peepholes()
    {
        NodeCase layer = Layer("LSTM", "bidirectional", bias: true, state: true);
        (layer with { Inputs = [.. layer.Inputs, [2, 3 * Hidden]] }).Check();
    }

    [Fact]
    public void Other_activations()
    {
        NodeCase layer = Layer("RNN", "bidirectional", bias: true, state: false);
        (layer with { Attributes = [.. layer.Attributes, OnnxAttribute.Of("activations", "Relu", "Tanh")] }).Check();
    }

    [Fact]
    public void Sequence_lens_of_the_whole_length_are_accepted_and_others_refused()
    {
        NodeCase layer = Layer("GRU", "forward", bias: true, state: false);
        var lengths = new OnnxTensor("", OnnxElementType.Int32, [Batch], new byte[] { Steps, 0, 0, 0, Steps, 0, 0, 0 });
        (layer with { Constants = new() { [4] = lengths } }).Check();

        lengths = new OnnxTensor("", OnnxElementType.Int32, [Batch], new byte[] { Steps, 0, 0, 0, 2, 0, 0, 0 });
        UnsupportedOpsException error = Assert.Throws<UnsupportedOpsException>(() =>
            (layer with { Constants = new() { [4] = lengths } }).Check()
        );
        Assert.Contains("sequence_lens", error.Message);
    }

    [Fact]
    public void Clip_is_refused()
    {
        NodeCase layer = Layer("LSTM", "forward", bias: true, state: false);
        UnsupportedOpsException error = Assert.Throws<UnsupportedOpsException>(() =>
            (layer with { Attributes = [.. layer.Attributes, OnnxAttribute.Of("clip", 0.5f)] }).Check()
        );
        Assert.Contains("clip", error.Message);
    }

    private static NodeCase Layer(string op, string direction, bool bias, bool state)
    {
        int gates = op switch
        {
            "LSTM" => 4,
            "GRU" => 3,
            _ => 1,
        };
        int directions = direction == "bidirectional" ? 2 : 1;
        var inputs = new List<long[]?>
        {
            new long[] { Steps, Batch, Features },
            new long[] { directions, gates * Hidden, Features },
            new long[] { directions, gates * Hidden, Hidden },
            bias ? [directions, 2 * gates * Hidden] : null,
            null,
            state ? [directions, Batch, Hidden] : null,
        };
        if (op == "LSTM")
            inputs.Add(state ? [directions, Batch, Hidden] : null);
        return new NodeCase(op, 14, [.. inputs])
        {
            Attributes = [OnnxAttribute.Of("hidden_size", Hidden), OnnxAttribute.Of("direction", direction)],
            Outputs = op == "LSTM" ? 3 : 2,
        };
    }
}
