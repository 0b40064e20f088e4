using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Ops;

/// <summary>Fake quantization in a session: rounds as ONNX Runtime does, and is trained through.</summary>
public sealed class QuantizationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rounded_values_are_those_of_onnx_runtime(bool perChannel)
    {
        AssertSame(Graph(perChannel));
    }

    private static void AssertSame(OnnxGraph graph)
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 5 * 12).Select(_ => 8 * random.NextSingle() - 4)];
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions { Precision = TrainingPrecision.Float32, Threads = 1 }
        );
        float[] actual = Batches.Predict(session, Batch(x), 4);

        float[] expected = new float[20];
        // As the graph is written: a fused product in whole numbers overflows on processors with AVX2 but without VNNI.
        using (
            var settings = new Microsoft.ML.OnnxRuntime.SessionOptions
            {
                GraphOptimizationLevel = Microsoft.ML.OnnxRuntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
            }
        )
        using (var ort = new Microsoft.ML.OnnxRuntime.InferenceSession(graph.ToBytes(), settings))
        using (
            var results = ort.Run([
                Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor(
                    "x",
                    new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(x, [5, 12])
                ),
            ])
        )
            expected = [.. results[0].AsEnumerable<float>()];
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void The_gradient_goes_through_within_the_range_and_stops_outside()
    {
        // y = sum of fake(w) * x with one weight in range and one beyond: the first gets x as its gradient, the second nothing.
        OnnxGraph graph = Graph(perChannel: false);
        float[] weights = graph.Initializers["w"].ToFloats();
        weights[0] = 0.333f;
        weights[1] = 99;
        graph = graph with
        {
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["w"] = OnnxTensor.FromFloats("w", [4, 12], weights),
            },
        };
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Precision = TrainingPrecision.Float32,
                Threads = 1,
                Loss = new MeanSquaredError(),
                Optimizer = new Sgd(),
                TrainableParameters = ["w"],
            }
        );
        float[] x = [1, 1, .. new float[10]];
        session.Step(
            new TrainingBatch
            {
                Count = 1,
                Inputs = [x],
                Targets = new float[4],
                TargetWeight = 1,
            },
            0.01f
        );
        float[] trained = session.ReadWeights()["w"].ToFloats();
        Assert.NotEqual(weights[0], trained[0]);
        Assert.Equal(weights[1], trained[1]);
    }

    [Fact]
    public void Stored_numbers_are_those_of_onnx_runtime()
    {
        OnnxGraph graph = Graph(perChannel: true);
        var random = new Random(3);
        byte[] numbers = new byte[48];
        random.NextBytes(numbers);
        graph = graph with
        {
            Nodes = [.. graph.Nodes.Where(n => n.Outputs[0] != "wq")],
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["wq"] = new OnnxTensor("wq", OnnxElementType.Int8, [4, 12], numbers),
            },
        };
        AssertSame(graph);
    }

    [Fact]
    public void Weights_behind_rounding_are_parameters_and_scales_are_not()
    {
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            Graph(perChannel: true),
            new TrainingSessionOptions { Threads = 1 }
        );
        Assert.Equal(["w"], session.ReadWeights().Keys);
    }

    /// <summary>y = fake(x) * fake(w)^T, of numbers of 8 bits.</summary>
    private static OnnxGraph Graph(bool perChannel)
    {
        var random = new Random(2);
        OnnxTensor[] constants =
        [
            OnnxTensor.FromFloats("w", [4, 12], [.. Enumerable.Range(0, 48).Select(_ => 4 * random.NextSingle() - 2)]),
            OnnxTensor.FromFloats("xs", [], [0.02f]),
            new OnnxTensor("xz", OnnxElementType.UInt8, [], new byte[] { 100 }),
            perChannel ? OnnxTensor.FromFloats("ws", [4], [0.01f, 0.02f, 0.05f, 0.1f]) : OnnxTensor.FromFloats("ws", [], [0.05f]),
            perChannel
                ? new OnnxTensor("wz", OnnxElementType.Int8, [4], new byte[4])
                : new OnnxTensor("wz", OnnxElementType.Int8, [], new byte[1]),
        ];
        OnnxAttribute axis = OnnxAttribute.Of("axis", 0L);
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 13 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 12)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            Nodes =
            [
                OnnxNode.Create("QuantizeLinear", ["x", "xs", "xz"], ["xq"]),
                OnnxNode.Create("DequantizeLinear", ["xq", "xs", "xz"], ["xd"]),
                OnnxNode.Create("QuantizeLinear", ["w", "ws", "wz"], ["wq"], axis),
                OnnxNode.Create("DequantizeLinear", ["wq", "ws", "wz"], ["wd"], axis),
                OnnxNode.Create("Gemm", ["xd", "wd"], ["y"], OnnxAttribute.Of("transB", 1L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(constants.Select(c => KeyValuePair.Create(c.Name, c))),
        };
    }

    private static TrainingBatch Batch(float[] x) => new() { Count = x.Length / 12, Inputs = [x] };
}
