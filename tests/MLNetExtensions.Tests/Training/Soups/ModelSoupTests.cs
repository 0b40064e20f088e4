using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Soups;
using Xunit;

namespace MLNetExtensions.Tests.Training.Soups;

public sealed class ModelSoupTests
{
    private readonly VisionOperationsCatalog _vision = new MLContext(1).Vision();

    [Fact]
    public void Models_join_from_the_best_on_while_the_mean_gets_no_worse()
    {
        // The best value is 5: 4.5 alone, with 5.5 the mean is 5; with 9 it would be further away.
        OnnxGraph[] models = [Model(9), Model(5.5f), Model(4.6f)];
        ModelSoup soup = _vision.GreedySoup(models, m => -Math.Abs(Value(m) - 5));
        Assert.Equal([2, 1], soup.Members);
        Assert.Equal(5.05, Value(soup.Model), 1e-6);
        Assert.Equal(-0.05, soup.Score, 1e-6);
        Assert.Equal([-4, -0.5, -0.4], soup.Scores, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_soup_is_never_worse_than_its_best_model()
    {
        OnnxGraph[] models = [Model(1), Model(100)];
        ModelSoup soup = _vision.GreedySoup(models, m => -Math.Abs(Value(m) - 1));
        Assert.Equal([0], soup.Members);
        Assert.Same(models[0], soup.Model);
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_worst()
    {
        ModelSoup soup = _vision.GreedySoup([Model(1), Model(2)], m => Value(m) < 1.2 ? double.NaN : Value(m));
        Assert.Equal([1], soup.Members);
        Assert.Throws<ArgumentException>(() => _vision.GreedySoup([Model(1)], _ => double.NaN));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.5)]
    [InlineData(1, 3)]
    public void Two_models_are_mixed(double fraction, double expected)
    {
        OnnxGraph mixed = _vision.InterpolateModels(Model(1), Model(3), fraction);
        Assert.Equal(expected, Value(mixed), 1e-6);
        Assert.Equal([7L], mixed.Initializers["shape"].Span<long>().ToArray());
    }

    [Fact]
    public void Other_networks_are_refused()
    {
        string shape = Assert.Throws<ArgumentException>(() => _vision.InterpolateModels(Model(1), Model(1, size: 3), 0.5)).Message;
        Assert.Contains("Model 1 is another network", shape, StringComparison.Ordinal);
        string node = Assert.Throws<ArgumentException>(() => _vision.InterpolateModels(Model(1), Model(1, op: "Sub"), 0.5)).Message;
        Assert.Contains("Sub", node, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _vision.InterpolateModels(Model(1), Model(1), 1.5));
        Assert.Throws<ArgumentException>(() => _vision.GreedySoup([], _ => 0));
    }

    private static double Value(OnnxGraph model) => model.Initializers["w"].ToFloats()[0];

    private static OnnxGraph Model(float value, int size = 2, string op = "Add") =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, size)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, size)],
            Nodes = [OnnxNode.Create(op, ["x", "w"], ["y"])],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                ["w"] = OnnxTensor.FromFloats("w", [size], [.. Enumerable.Repeat(value, size)]),
                ["shape"] = OnnxTensor.FromInt64s("shape", [1], [7]),
            },
        };
}
