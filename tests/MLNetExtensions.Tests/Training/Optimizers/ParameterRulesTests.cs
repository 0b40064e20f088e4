using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using Xunit;

namespace MLNetExtensions.Tests.Training.Optimizers;

public class ParameterRulesTests
{
    private static readonly OnnxTensor[] Parameters =
    [
        Zeros("head", 3, 4),
        Zeros("conv", 4, 3, 3, 3),
        Zeros("conv.bias", 4),
        Zeros("scale", 1, 4, 1, 1),
        Zeros("one.row", 1, 4),
    ];

    /// <summary>The initializers' order is not that of the layers.</summary>
    private static readonly OnnxGraph Graph = new()
    {
        Opsets = new Dictionary<string, int> { [""] = 17 },
        Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 8, 8)],
        Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 1)],
        Nodes =
        [
            OnnxNode.Create("Conv", ["x", "conv", "conv.bias"], ["a"]),
            OnnxNode.Create("Mul", ["a", "scale"], ["b"]),
            OnnxNode.Create("GlobalAveragePool", ["b"], ["c"]),
            OnnxNode.Create("Flatten", ["c"], ["d"]),
            OnnxNode.Create("Gemm", ["d", "head"], ["e"], OnnxAttribute.Of("transB", 1)),
            OnnxNode.Create("Gemm", ["e", "one.row"], ["y"], OnnxAttribute.Of("transB", 1)),
        ],
        Initializers = Parameters.ToDictionary(p => p.Name),
    };

    [Fact]
    public void Every_parameter_has_the_rule_and_its_multipliers()
    {
        var scales = new Dictionary<string, ParameterGroup> { ["conv"] = new(0.1f, 0) };
        IReadOnlyDictionary<string, ParameterRule> rules = ParameterRules.Assign(new Adam(), scales, Parameters, Graph.Nodes);
        Assert.Equal(new ParameterRule(new Adam(), new ParameterGroup(0.1f, 0)), rules["conv"]);
        Assert.Equal(new ParameterRule(new Adam(), new ParameterGroup(1, 1)), rules["head"]);
    }

    [Fact]
    public void Muon_leaves_vectors_and_the_last_weight_to_the_other_rule()
    {
        var muon = new Muon { Other = new Lion(), OtherRate = 0.5f };
        IReadOnlyDictionary<string, ParameterRule> rules = ParameterRules.Assign(
            new Lookahead(muon),
            new Dictionary<string, ParameterGroup>(),
            Parameters[..4],
            Graph.Nodes
        );
        Assert.Equal(new ParameterRule(new Lookahead(muon), new ParameterGroup(1, 1)), rules["conv"]);
        foreach (string name in new[] { "head", "conv.bias", "scale" })
            Assert.Equal(new ParameterRule(new Lookahead(new Lion()), new ParameterGroup(0.5f, 1)), rules[name]);
    }

    [Fact]
    public void Muon_takes_the_named_weights_only()
    {
        var muon = new Muon { Parameters = ["head"] };
        IReadOnlyDictionary<string, ParameterRule> rules = ParameterRules.Assign(
            muon,
            new Dictionary<string, ParameterGroup>(),
            Parameters,
            Graph.Nodes
        );
        Assert.IsType<Muon>(rules["head"].Rule);
        Assert.IsType<AdamW>(rules["conv"].Rule);
        var wrong = new Muon { Parameters = ["conv.bias"] };
        string message = Assert
            .Throws<ArgumentException>(() =>
                ParameterRules.Assign(wrong, new Dictionary<string, ParameterGroup>(), Parameters, Graph.Nodes)
            )
            .Message;
        Assert.Contains("'conv.bias'", message);
        Assert.Contains("head", message);
    }

    [Fact]
    public void Vectors_do_not_decay() =>
        Assert.Equal(
            ["conv.bias", "scale"],
            ParameterGroupPresets
                .NoWeightDecayOnBiasAndNorm(Graph)
                .Where(s => s.Value == new ParameterGroup(1, 0))
                .Select(s => s.Key)
                .Order()
        );

    private static OnnxTensor Zeros(string name, params long[] shape) =>
        OnnxTensor.FromFloats(name, shape, new float[shape.Aggregate(1L, (a, b) => a * b)]);
}
