using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty;

public sealed class EnsembleTests
{
    private readonly VisionOperationsCatalog _vision = new MLContext(1).Vision();

    [Fact]
    public void The_score_is_the_mean_of_probabilities_and_the_class_is_that_of_the_mean()
    {
        OnnxGraph[] models = [Model([3, 0], opset: 17), Model([0, 2], opset: 17), Model([0, 1.5f], opset: 17)];
        OnnxGraph ensemble = _vision.Ensemble(models);
        Assert.Empty(ensemble.Check());
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = OnnxTensor.FromFloats("x", [2, 2], [1, 1, 0.1f, 2]) };

        OnnxTensor[] results = OrtRunner.Run(ensemble, inputs);

        float[][] alone = [.. models.Select(model => OrtRunner.Run(model, inputs)[0].ToFloats())];
        for (int i = 0; i < 4; i++)
            Assert.Equal(alone.Average(scores => scores[i]), results[0].ToFloats()[i], 1e-6f);
        // One model of three is very sure of class 0 in the first row, the others of class 1.
        Assert.Equal([1, 1], results[1].Span<long>().ToArray());
        Assert.Equal(["Score", "Best"], ensemble.Outputs.Select(o => o.Name));
        Assert.Equal(models[0].Metadata, ensemble.Metadata);
    }

    [Fact]
    public void Models_of_different_opsets_are_raised()
    {
        OnnxGraph[] models = [Model([1, 0], opset: 13), Model([0, 1], opset: 17)];
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = OnnxTensor.FromFloats("x", [1, 2], [1, 1]) };
        Assert.Equal([0.5f, 0.5f], OrtRunner.Run(_vision.Ensemble(models), inputs)[0].ToFloats());
    }

    [Fact]
    public void One_model_is_itself()
    {
        OnnxGraph model = Model([1, 2], opset: 17);
        Assert.Same(model, _vision.Ensemble([model]));
    }

    [Fact]
    public void Other_classes_and_other_sizes_are_refused()
    {
        OnnxGraph model = Model([1, 2], opset: 17);
        string classes = Assert
            .Throws<ArgumentException>(() => _vision.Ensemble([model, Model([1, 2], opset: 17, classes: "[\"b\",\"a\"]")]))
            .Message;
        Assert.Contains("Model 1 has the classes [\"b\",\"a\"], model 0 has [\"a\",\"b\"]", classes, StringComparison.Ordinal);
        string sizes = Assert.Throws<ArgumentException>(() => _vision.Ensemble([model, Model([1, 2, 3], opset: 17)])).Message;
        Assert.Contains("Model 1 has the inputs x Float[batch,3], model 0 has x Float[batch,2]", sizes, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _vision.Ensemble([]));
    }

    private static OnnxGraph Model(float[] weights, int opset, string classes = "[\"a\",\"b\"]") =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, weights.Length)],
            Outputs =
            [
                OnnxValue.Create("Score", OnnxElementType.Float, -1, weights.Length),
                OnnxValue.Create("Best", OnnxElementType.Int64, -1),
            ],
            Nodes =
            [
                OnnxNode.Create("Mul", ["x", "w"], ["logits"]),
                OnnxNode.Create("Softmax", ["logits"], ["Score"], OnnxAttribute.Of("axis", 1L)),
                OnnxNode.Create("ArgMax", ["Score"], ["Best"], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 0L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor> { ["w"] = OnnxTensor.FromFloats("w", [weights.Length], weights) },
            Metadata = new Dictionary<string, string> { [ScoringMetadata.LabelsKey] = classes },
        };
}
