using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TrainingContract.Trainers;
using Tensor = MLNetExtensions.TensorFlow.Native.Tensor;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Whole networks in the forms in which Keras and slim left them.</summary>
public sealed class ForeignFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Functions in functions, variables as arguments, a checkpoint.</summary>
    [Fact]
    public void A_SavedModel_of_Keras()
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        string model = Path.Combine(_folder.Path, "keras");
        TensorFlowModel.WriteSavedModel(graph, model, new TensorFlowExportOptions { ChannelsLast = true });
        KerasModels.Wrap(model);

        OnnxGraph read = TensorFlowModel.ReadSavedModel(model);
        Assert.Equal("input_1", read.Inputs[0].Name);
        Assert.DoesNotContain(read.Nodes, n => n.OpType == "Transpose");
        using var session = new SavedModelSession(model);
        float[] images = ScoredModels.Images(3, 3, 16, 16),
            expected = ScoredModels.InOnnxRuntime(graph, images, 3);
        float[] last = LayoutEvaluation.Transpose(OnnxTensor.FromFloats("", [3, 3, 16, 16], images), 0, 2, 3, 1).ToFloats();
        ScoredModels.AssertEqual(expected, ScoredModels.InTensorFlow(session, last, 3, "logits"), 1e-5f);
        ScoredModels.AssertEqual(expected, ScoredModels.InOnnxRuntime(read, images, 3), 1e-5f);
    }

    /// <summary>
    /// A frozen graph of slim (Inception, MobileNet V1): preprocessing inside, batch normalization taken apart, separable convolutions,
    /// branches, pooling, squeezed logits, and predictions reshaped to what they were.
    /// </summary>
    [Fact]
    public void A_frozen_graph_of_slim()
    {
        using var g = new TensorFlowGraph();
        var random = new Random(7);
        Symbol input = g.Op("Placeholder").Named("input").Set("dtype", DataType.Float).SetShape("shape", [-1, 20, 24, 3]).Output();
        Symbol x = (input - 127.5) * (1 / 127.5);
        x = g.Op("ResizeBilinear").Input(x).Input(g.Int32s(16, 16)).Output();
        x = g.Unary("Relu6", Normalized(Conv("Conv2D", x, 2, 3, 3, 3, 8), 8));
        x = g.Unary("Relu6", Normalized(Conv("DepthwiseConv2dNative", x, 1, 3, 3, 8, 1), 8));
        Symbol direct = g.Unary("Relu", Normalized(Conv("Conv2D", x, 1, 1, 1, 8, 6), 6));
        Symbol factored = g.Unary("Relu", Normalized(Conv("Conv2D", Conv("Conv2D", x, 1, 1, 3, 8, 4), 1, 3, 1, 4, 6), 6));
        Symbol pooled = g.Op("AvgPool").Input(x).Set("ksize", [1, 3, 3, 1]).Set("strides", [1, 1, 1, 1]).Set("padding", "SAME").Output();
        // None is negative: ONNX Runtime joins Pad and MaxPool as if the border were not zeros but lower than all.
        x = g.Concat([direct, factored, g.Unary("Relu", Conv("Conv2D", pooled, 1, 1, 1, 8, 4))], 3);
        x = g.Pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)]);
        x = g.Op("MaxPool").Input(x).Set("ksize", [1, 3, 3, 1]).Set("strides", [1, 2, 2, 1]).Set("padding", "VALID").Output();
        x = g.Op("AvgPool").Input(x).Set("ksize", [1, 4, 4, 1]).Set("strides", [1, 1, 1, 1]).Set("padding", "VALID").Output();
        x = g.Op("BiasAdd").Input(Conv("Conv2D", x, 1, 1, 1, 16, 5)).Input(Weights(5)).Output();
        Symbol logits = g.Op("Squeeze").Input(x).Set("squeeze_dims", [1, 2]).Output();
        Symbol flat = g.Op("Reshape").Input(logits).Input(g.Int32s(-1, 5)).Output();
        Symbol output = g.Op("Reshape")
            .Named("Predictions/Reshape_1")
            .Input(g.Op("Softmax").Named("Predictions/Softmax").Input(flat).Output())
            .Input(g.Unary("Shape", logits))
            .Output();
        string file = _folder.Add("frozen.pb", g.ToDefinition());

        OnnxGraph read = TensorFlowModel.ReadFrozenGraph(file, new TensorFlowImportOptions { Output = "Predictions/Reshape_1" });
        Assert.Equal("Predictions/Softmax", TensorFlowModel.ReadFrozenGraph(file).Outputs[0].Name);
        Assert.DoesNotContain(read.Nodes, n => n.OpType == "Transpose");
        float[] images = [.. ScoredModels.Images(3, 20, 24, 3).Select(p => p * 255)];
        float[] first = LayoutEvaluation.Transpose(OnnxTensor.FromFloats("", [3, 20, 24, 3], images), 0, 3, 1, 2).ToFloats();
        using var session = new GraphSession(g, []);
        using Tensor fed = Tensor.Of<float>(DataType.Float, [3, 20, 24, 3], images);
        using Tensor expected = session.Run([(input, fed)], [output])[0];
        ScoredModels.AssertEqual(expected.Floats.ToArray(), ScoredModels.InOnnxRuntime(read, first, 3), 1e-5f);

        Symbol Weights(params long[] shape) =>
            g.Constant(
                [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)random.NextDouble() - 0.4f)],
                shape
            );

        Symbol Conv(string op, Symbol value, long stride, params long[] filter) =>
            g.Op(op).Input(value).Input(Weights(filter)).Set("strides", [1, stride, stride, 1]).Set("padding", "SAME").Output();

        // tf.nn.batch_normalization: x * (gamma / sqrt(variance)) + (beta - mean * (gamma / sqrt(variance))).
        Symbol Normalized(Symbol value, long channels)
        {
            Symbol factor = g.Rsqrt(g.Square(Weights(channels)) + 1.001) * Weights(channels);
            return value * factor + (Weights(channels) - Weights(channels) * factor);
        }
    }
}
